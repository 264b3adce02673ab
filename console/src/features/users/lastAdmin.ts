import type { User } from "@/api/types";

/**
 * The one active administrator that is left, who can be neither disabled nor given another role.
 *
 * `total` is how many users there are: where not all of them are among `users`, there may be another one, and nobody
 * is told apart.
 */
export function lastAdminOf(users: readonly User[], total: number | null): User["id"] | null {
  const [first, ...others] = users.filter((one) => one.role === "admin" && one.is_active);
  return first && others.length === 0 && total !== null && total <= users.length ? first.id : null;
}
