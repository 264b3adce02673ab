// Opens the document of this server. Before each write of a session it brings its CSRF token.
"use strict";

const CSRF_PATH = "/api/v1/auth/csrf-token";

async function withCsrf(request) {
  const method = (request.method || "GET").toUpperCase();
  const hasToken = "Authorization" in request.headers;
  if (hasToken || !["POST", "PUT", "PATCH", "DELETE"].includes(method)) {
    return request;
  }
  const answer = await fetch(CSRF_PATH, { credentials: "same-origin" });
  const body = await answer.json();
  request.headers["X-CSRFToken"] = body.data.csrf_token;
  return request;
}

// A page can send a token; the cookie of a session it cannot, and need not: the browser keeps it.
const onlyTokens = (original) => (...given) => original(...given).filter((scheme) => scheme.has("bearer"));
const authorizeWithToken = {
  statePlugins: { auth: { wrapSelectors: { definitionsToAuthorize: onlyTokens } } },
};

window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
  plugins: [authorizeWithToken],
  requestInterceptor: withCsrf,
  validatorUrl: null,
});
