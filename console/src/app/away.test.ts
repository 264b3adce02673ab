import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError } from "@/api/errors";
import { isAway, waitForServer } from "./away";

const OURS = { message_code: "STORE_UNAVAILABLE", message: "" } as ApiError["envelope"];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("tells a server that is away from one that refuses", () => {
  expect(isAway(new ApiError(0, null))).toBe(true);
  expect(isAway(new ApiError(502, null))).toBe(true);
  expect(isAway(new ApiError(503, OURS))).toBe(false);
  expect(isAway(new ApiError(404, null))).toBe(false);
  expect(isAway(new Error("x"))).toBe(false);
});

it("asks anew for what failed as soon as the server is back, and for nothing else", async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const failing = vi.fn().mockRejectedValue(new ApiError(0, null));
  const refused = vi.fn().mockRejectedValue(new ApiError(404, null));
  for (const [key, queryFn] of Object.entries({ failing, refused })) {
    new QueryObserver(client, { queryKey: [key], queryFn }).subscribe(() => undefined);
  }
  await vi.advanceTimersByTimeAsync(0);
  const isBack = vi.fn().mockResolvedValueOnce(false).mockResolvedValue(true);

  void waitForServer(client, isBack);
  void waitForServer(client, isBack);
  await vi.advanceTimersByTimeAsync(3000);
  expect(failing).toHaveBeenCalledTimes(1);
  failing.mockResolvedValue("here");
  await vi.advanceTimersByTimeAsync(3000);

  expect(isBack).toHaveBeenCalledTimes(2);
  expect(client.getQueryData(["failing"])).toBe("here");
  expect(refused).toHaveBeenCalledTimes(1);
  client.clear();
});
