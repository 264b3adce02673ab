// Opens the document of this server. Before each write it brings the CSRF token of the session.
"use strict";

const CSRF_PATH = "/api/v1/auth/csrf-token";

async function withCsrf(request) {
  const method = (request.method || "GET").toUpperCase();
  if (!["POST", "PUT", "PATCH", "DELETE"].includes(method)) {
    return request;
  }
  const answer = await fetch(CSRF_PATH, { credentials: "same-origin" });
  const body = await answer.json();
  request.headers["X-CSRFToken"] = body.data.csrf_token;
  return request;
}

// A page cannot send the values that this button asks for, and need not: the browser keeps the cookie.
const withoutAuthorize = { wrapComponents: { authorizeBtn: () => () => null } };

window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
  plugins: [withoutAuthorize],
  requestInterceptor: withCsrf,
  validatorUrl: null,
});
