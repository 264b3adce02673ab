import { expect, it } from "vitest";
import type { User } from "@/api/types";
import { lastAdminOf } from "./lastAdmin";

const user = (id: number, role: string, is_active = true): User =>
  ({ id, role, is_active, username: `u${id}` }) as User;

it("is the one administrator who is active, whoever else there is", () => {
  expect(lastAdminOf([user(1, "dba"), user(2, "admin"), user(3, "admin", false)], 3)).toBe(2);
});

it("is nobody where another one is active", () => {
  expect(lastAdminOf([user(1, "admin"), user(2, "admin")], 2)).toBeNull();
});

it("is nobody that is known while there are users that were not read", () => {
  expect(lastAdminOf([user(1, "admin"), user(2, "dba")], 3)).toBeNull();
  expect(lastAdminOf([user(1, "admin")], null)).toBeNull();
});
