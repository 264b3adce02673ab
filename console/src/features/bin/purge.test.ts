import { expect, test } from "vitest";
import { ApiError } from "@/api/errors";
import { NO_WHY } from "@/api/headers";
import { purgeMany, type Purged } from "./purge";

const some = (count: number): Purged[] =>
  Array.from({ length: count }, (_, index) => ({ id: index + 1, name: `db-${index + 1}`, version: 3 }));

const failing = (status: number, at: number) => {
  const asked: number[] = [];
  const purge = ({ id }: Purged): Promise<void> => {
    asked.push(id);
    return id === at ? Promise.reject(new ApiError(status, null)) : Promise.resolve();
  };
  return { asked, purge };
};

test("what somebody restored meanwhile stays and is told, the rest goes", async () => {
  const { asked, purge } = failing(412, 2);
  const told: number[] = [];
  const end = await purgeMany(some(3), NO_WHY, (done) => told.push(done), purge);

  expect(asked).toEqual([1, 2, 3]);
  expect(told).toEqual([1, 2, 3]);
  expect(end.results.map(({ id, status }) => [id, status])).toEqual([
    [1, "deleted"],
    [2, "error"],
    [3, "deleted"],
  ]);
  expect([end.error, end.unsent]).toEqual([null, 0]);
});

test("with a failure that is not of one instance nothing more is sent", async () => {
  const { asked, purge } = failing(0, 2);
  const end = await purgeMany(some(4), NO_WHY, undefined, purge);

  expect(asked).toEqual([1, 2]);
  expect(end.results.map(({ id }) => id)).toEqual([1]);
  expect([(end.error as ApiError).status, end.unsent]).toEqual([0, 3]);
});
