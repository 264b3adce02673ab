import type { components } from "./schema";

type Envelope = components["schemas"]["Error"];
export type FieldError = components["schemas"]["FieldError"];

/** An answer that is an error, or none at all (`status` 0: the server could not be reached). */
export class ApiError extends Error {
  readonly status: number;
  readonly envelope: Envelope | null;
  readonly retryAfter: number | null;

  constructor(status: number, envelope: Envelope | null, retryAfter: number | null = null) {
    super(envelope?.message ?? `HTTP ${status}`);
    this.name = "ApiError";
    this.status = status;
    this.envelope = envelope;
    this.retryAfter = retryAfter;
  }

  get code(): string {
    return this.envelope?.message_code ?? "";
  }

  /** Tells apart what shares a code, such as `instance.name_taken`. */
  get reason(): string {
    return String(this.envelope?.extra?.["reason"] ?? "");
  }

  get errorId(): string | null {
    return this.envelope?.error_id ?? null;
  }

  get suggestions(): readonly string[] {
    return this.envelope?.suggestions ?? [];
  }

  get extra(): Record<string, unknown> {
    return this.envelope?.extra ?? {};
  }

  /** What is wrong with which field; empty unless the server names fields. */
  get fields(): FieldError[] {
    const fields = this.extra["fields"];
    return Array.isArray(fields) ? (fields as FieldError[]) : [];
  }
}

export function isApiError(error: unknown, code?: string): error is ApiError {
  return error instanceof ApiError && (code === undefined || error.code === code);
}

/** Read the error out of an answer; one that is not ours (a proxy's page) leaves the envelope empty. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const isOurs = typeof body === "object" && body !== null && "message_code" in body;
  const wait = Number(response.headers.get("Retry-After") ?? Number.NaN);
  return new ApiError(
    response.status,
    isOurs ? (body as Envelope) : null,
    Number.isFinite(wait) ? wait : null,
  );
}
