import { describe, expect, it } from "vitest";
import type { AuditEvent } from "@/api/types";
import { authorOf, lastAuthorOf } from "./lastChange";

const event = (id: number, source: string, action = "instance.update") =>
  ({ id, source, action }) as AuditEvent;

describe("the author of a change", () => {
  it("is the newest who asked for one, and no check that saw something later", () => {
    expect(lastAuthorOf([event(9, "job"), event(8, "cli"), event(7, "api")])?.id).toBe(8);
    expect(lastAuthorOf([event(9, "job")])).toBeNull();
  });

  it("is nobody who left the version as it was", () => {
    const told = [event(9, "api", "instance.accept_identity"), event(8, "api", "credential.use")];
    expect(lastAuthorOf([...told, event(7, "api", "credential.bind")])?.id).toBe(7);
  });

  it("may be oneself, by one's id and not by one's name", () => {
    const me = { id: 1 };
    expect(authorOf({ id: 1, username: "renamed" }, me)).toBe("own");
    expect(authorOf({ id: 2, username: "ann" }, me)).toBe("other");
    expect(authorOf({ id: null, username: "cli:root" }, me)).toBe("other");
    expect(authorOf(null, me)).toBe("unknown");
    expect(authorOf({ id: 1, username: "ann" }, null)).toBe("other");
  });
});
