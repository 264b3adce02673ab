import type { Check, Instance } from "@/api/types";

type Where = Pick<Instance, "db_type" | "host" | "port">;

/** Whether a check was of the endpoint that the instance has now; of another one it says nothing. */
export const isHere = (check: Check, instance: Where): boolean =>
  check.db_type === instance.db_type &&
  check.host.toLowerCase() === instance.host.toLowerCase() &&
  check.port === instance.port;
