import { describe, expect, it } from "vitest";
import { NO_WHY, whyHeaders } from "./headers";

const reason = (text: string): string | undefined =>
  whyHeaders({ ...NO_WHY, reason: text })["X-Change-Reason"];

describe("why something is changed", () => {
  it("goes as it is in ASCII, and as RFC 8187 beyond", () => {
    expect(reason(" moved to rack B12\n")).toBe("moved to rack B12");
    expect(reason("迁移 1")).toBe("UTF-8''%E8%BF%81%E7%A7%BB%201");
    expect(reason("one\ntwo")).toBe("UTF-8''one%0Atwo");
    expect(reason("UTF-8''x")).toBe("UTF-8''UTF-8''x");
  });

  it("is not sent where nothing was typed", () => {
    expect(whyHeaders({ reason: "  ", ticket: "DBA-2041 " })).toEqual({ "X-Change-Ticket": "DBA-2041" });
    expect(whyHeaders(NO_WHY)).toEqual({});
  });
});
