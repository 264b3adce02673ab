import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/errors";
import { headerText, keyring } from "./writes";

describe("a reason in a header", () => {
  it("goes as it is in ASCII, and as RFC 8187 beyond", () => {
    expect(headerText("moved to rack B12")).toBe("moved to rack B12");
    expect(headerText("迁移")).toBe("UTF-8''%E8%BF%81%E7%A7%BB");
    expect(headerText("UTF-8''x")).toBe("UTF-8''UTF-8''x");
  });
});

describe("the key of a creation", () => {
  it("stays for the same content until there is an answer", () => {
    let made = 0;
    const keys = keyring(() => `k${(made += 1)}`);
    expect([keys.keyOf("a"), keys.keyOf("a")]).toEqual(["k1", "k1"]);
    keys.settle(new ApiError(0, null));
    keys.settle(new ApiError(503, null));
    expect(keys.keyOf("a")).toBe("k1");
    expect(keys.keyOf("b")).toBe("k2");
    keys.settle(new ApiError(409, null));
    expect(keys.keyOf("b")).toBe("k3");
  });
});
