/** What `If-Match` holds for the version that was read. */
export const etag = (version: number): string => `"${version}"`;

/** A reason as the API takes it: without the space around it, and null where nothing was typed. */
export const reasonOf = (typed: string): string | null => typed.trim() || null;
