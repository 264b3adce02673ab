import createClient from "openapi-fetch";
import { language } from "@/i18n/language";
import { endSession } from "@/session/ended";
import { ApiError, errorOf } from "./errors";
import type { paths } from "./schema";

const BASE = "/api/v1";
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);
const CSRF_FAILURES = new Set(["CSRF_INVALID", "CSRF_MISSING"]);

let csrfToken: string | null = null;

/** Keep the token that a login, or another answer, brought. */
export function keepCsrfToken(token: string | null): void {
  csrfToken = token;
}

async function csrf(): Promise<string> {
  if (csrfToken === null) {
    const response = await fetch(`${BASE}/auth/csrf-token`, { headers: { "Accept-Language": language() } });
    if (!response.ok) throw await errorOf(response);
    const body = (await response.json()) as { data: { csrf_token: string } };
    csrfToken = body.data.csrf_token;
  }
  return csrfToken;
}

async function send(request: Request): Promise<Response> {
  // A call may ask for another language than the one that is shown, such as for a text to send to somebody.
  if (!request.headers.has("Accept-Language")) request.headers.set("Accept-Language", language());
  if (!SAFE.has(request.method)) request.headers.set("X-CSRFToken", await csrf());
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, null);
  }
}

/** Send, once more with a fresh token where ours no longer counts, and turn every refusal into an `ApiError`. */
async function sendOrThrow(request: Request): Promise<Response> {
  const again = SAFE.has(request.method) ? null : request.clone();
  const response = await send(request);
  if (response.ok || response.status === 304) return response;
  const error = await errorOf(response);
  if (again !== null && CSRF_FAILURES.has(error.code)) {
    csrfToken = null;
    const second = await send(again);
    if (second.ok) return second;
    throw await errorOf(second);
  }
  if (error.code === "AUTHENTICATION_REQUIRED") {
    csrfToken = null;
    endSession();
  }
  throw error;
}

/** API v1, typed by its own document: `await api.GET("/instances", {params: {query: {limit: 50}}})`. */
export const api = createClient<paths>({
  baseUrl: BASE,
  fetch: sendOrThrow,
  // Lists go as `tags=a&tags=b`, which the API reads for every list.
  querySerializer: { array: { style: "form", explode: true } },
});

/** The body of an answer that must have one. */
export async function ask<T>(call: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data, response } = await call;
  if (data === undefined) throw new ApiError(response.status, null);
  return data;
}

/** A file, as the server names it: `await download("/instances/export?format=csv")`. */
export async function download(path: string): Promise<void> {
  const response = await sendOrThrow(new Request(BASE + path));
  const named = /filename\*?=(?:UTF-8'')?"?([^";]+)/i.exec(response.headers.get("Content-Disposition") ?? "");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = named?.[1] ? decodeURIComponent(named[1]) : "muster";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
