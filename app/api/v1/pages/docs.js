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

window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
  requestInterceptor: withCsrf,
  validatorUrl: null,
});
