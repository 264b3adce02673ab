/** What `If-Match` holds for the version that was read. */
export const etag = (version: number): string => `"${version}"`;

/** Why something is changed, and the ticket that asked for it; both stand in the audit log. */
export interface Why {
  reason: string;
  ticket: string;
}

export const NO_WHY: Why = { reason: "", ticket: "" };

/** A header holds ASCII alone; the API takes the rest, and what would be read as such, as RFC 8187 writes it. */
function headerText(text: string): string {
  const plain = /^[!-~]([ -~]*[!-~])?$/.test(text) && !/^utf-8'/i.test(text);
  return plain ? text : `UTF-8''${encodeURIComponent(text)}`;
}

/** The headers that tell why; what is empty is not sent. */
export function whyHeaders(why: Why): { "X-Change-Reason"?: string; "X-Change-Ticket"?: string } {
  const [reason, ticket] = [why.reason.trim(), why.ticket.trim()];
  return {
    ...(reason !== "" && { "X-Change-Reason": headerText(reason) }),
    ...(ticket !== "" && { "X-Change-Ticket": headerText(ticket) }),
  };
}
