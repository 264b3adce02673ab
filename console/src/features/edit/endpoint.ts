import { fits } from "@/api/rules";
import { fieldRules } from "@/api/rules.gen";
import { jsonOf, type Values } from "./fields";

interface Endpoint {
  db_type: string;
  host: string;
  port: number;
}

/** What tells apart endpoints of one host and port. */
const NAMES = ["service_name", "sid", "instance_name"] as const;

/** The endpoint that is typed in; null until it can be one, so that nothing is asked that the API would refuse. */
export function endpointIn(values: Values): Endpoint | null {
  const host = values.host.trim().toLowerCase();
  const port = Number(values.port.trim() || Number.NaN);
  const rules = fieldRules.instance;
  const isPort = Number.isInteger(port) && port >= rules.port.minimum && port <= rules.port.maximum;
  return values.db_type !== "" && isPort && fits(rules.host, host)
    ? { db_type: values.db_type, host, port }
    : null;
}

/** Whether an instance of the same engine, host and port has the same names there as well. */
export const isTwin = (one: { [name in (typeof NAMES)[number]]: string | null }, values: Values): boolean =>
  NAMES.every((name) => one[name] === jsonOf(name, values, null));
