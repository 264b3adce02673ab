import { isInNetwork, isSameHost, nameOf } from "./addresses";
import type { Bindings } from "./bindings";

/** Where an instance that uses a credential is registered. */
export interface Registered {
  db_type: string;
  host: string;
  port: number;
}

/** How many of the instances lie within each entry of the bindings, in the order of the entries. */
export type Within = Record<keyof Bindings, number[]>;

/**
 * Count the instances within each binding: those that the place covers, whatever TLS they have.
 *
 * Engines narrow hosts, suffixes and networks; an exact endpoint has an engine of its own.
 */
export function countWithin(bindings: Bindings, instances: readonly Registered[]): Within {
  const { hosts, suffixes, networks, engines, endpoints } = bindings;
  const placed = instances.filter((one) => engines.length === 0 || engines.includes(one.db_type));
  const count = <T>(entries: readonly T[], among: readonly Registered[], holds: Holds<T>): number[] =>
    entries.map((entry) => among.filter((one) => holds(entry, one)).length);
  return {
    hosts: count(hosts, placed, (host, one) => isSameHost(host, one.host)),
    suffixes: count(suffixes, placed, (suffix, one) => nameOf(one.host).endsWith(suffix.toLowerCase())),
    networks: count(networks, placed, (network, one) => isInNetwork(one.host, network)),
    engines: count(engines, instances, (engine, one) => engine === one.db_type),
    endpoints: count(
      endpoints,
      instances,
      (end, one) => end.db_type === one.db_type && end.port === one.port && isSameHost(end.host, one.host),
    ),
  };
}

type Holds<T> = (entry: T, instance: Registered) => boolean;
