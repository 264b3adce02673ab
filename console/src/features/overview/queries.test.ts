import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";

const asked: { page: number; cause: string }[] = [];
let register = 0;

// Modules are shared by the files of a worker: this one loads its own, and leaves none behind.
vi.resetModules();
vi.doMock("@/api/client", () => ({
  ask: (call: Promise<unknown>) => call,
  api: {
    GET: async (
      _: string,
      { params }: { params: { query: { page: number; limit: number; cause: string } } },
    ) => {
      const { page, limit } = params.query;
      asked.push(params.query);
      const first = (page - 1) * limit;
      const length = Math.max(0, Math.min(limit, register - first));
      return { data: { items: Array.from({ length }, (_each, index) => ({ id: first + index + 1 })) } };
    },
  },
}));

const { idsOf, MOST_CHECKS } = await import("./queries");

const ids = (): Promise<number[]> => idsOf({ cause: "connect.refused" }, new AbortController().signal);

beforeEach(() => {
  asked.length = 0;
});

afterAll(() => {
  vi.doUnmock("@/api/client");
  vi.resetModules();
});

describe("instances that are checked again", () => {
  test("are all that the filter finds, asked for page by page", async () => {
    register = 137;
    expect(await ids()).toHaveLength(137);
    expect(asked.map((one) => [one.page, one.cause])).toEqual([
      [1, "connect.refused"],
      [2, "connect.refused"],
    ]);
  });

  test("are bounded, and nothing is read beyond the bound", async () => {
    register = 5000;
    expect(await ids()).toHaveLength(MOST_CHECKS);
    expect(asked).toHaveLength(2);
  });
});
