import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/errors";
import { keyring } from "./writes";

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
