/** An IPv4 or IPv6 address as a number of so many bits. */
interface Address {
  bits: 32 | 128;
  value: bigint;
}

/** The bits of an IPv4 address as it is written with four numbers; null for anything else. */
function ipv4(text: string): Address | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return null;
  const parts = text.split(".").map(Number);
  if (parts.some((one) => one > 255)) return null;
  return { bits: 32, value: parts.reduce((value, one) => (value << 8n) | BigInt(one), 0n) };
}

/** The bits of an IPv6 address in any of its spellings; null for anything else. */
function ipv6(text: string): Address | null {
  if (!text.includes(":") || !URL.canParse(`http://[${text}]/`)) return null;
  // The browser's own parser knows all the spellings, and gives back one without dots.
  const [before = "", after] = new URL(`http://[${text}]/`).hostname.slice(1, -1).split("::");
  const head = before === "" ? [] : before.split(":");
  const tail = after === undefined || after === "" ? [] : after.split(":");
  const groups = [...head, ...Array<string>(8 - head.length - tail.length).fill("0"), ...tail];
  return { bits: 128, value: groups.reduce((value, one) => (value << 16n) | BigInt(`0x${one}`), 0n) };
}

/** An address, an IPv4 one inside IPv6 (`::ffff:10.1.4.20`) as what it is; null for a name. */
export function addressOf(host: string): Address | null {
  const found = ipv4(host) ?? ipv6(host);
  if (found?.bits === 128 && found.value >> 32n === 0xffffn)
    return { bits: 32, value: found.value & 0xffffffffn };
  return found;
}

/** Whether a host that is registered by its address lies in a network such as `10.1.0.0/16`. */
export function isInNetwork(host: string, network: string): boolean {
  const address = addressOf(host);
  const [base = "", prefix = ""] = network.split("/");
  const start = ipv4(base) ?? ipv6(base);
  if (address === null || start === null || address.bits !== start.bits) return false;
  const rest = BigInt(start.bits - Number(prefix));
  return address.value >> rest === start.value >> rest;
}

/** Whether two hosts are the same to Muster, whatever their case, a last dot, or the spelling of an address. */
export function isSameHost(one: string, other: string): boolean {
  const [a, b] = [addressOf(one), addressOf(other)];
  if (a !== null && b !== null) return a.bits === b.bits && a.value === b.value;
  return nameOf(one) === nameOf(other);
}

/** A host's name as it is compared with the ends of domains. */
export const nameOf = (host: string): string => host.toLowerCase().replace(/\.$/, "");
