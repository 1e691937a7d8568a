/** Which hosts the market calls: those of the public internet, so that nobody makes it call what stands beside it. */
import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';

export type Resolved = { address: string; family: number };
/** All addresses of a host, as the system resolves it. */
export type Resolve = (host: string) => Promise<readonly Resolved[]>;

export const resolveBySystem: Resolve = (host) => lookup(host, { all: true, verbatim: true });

/** The one block from which public IPv6 addresses are given out (RFC 4291, IANA). */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/**
 * Whether an address belongs to the public internet: not private, loopback, link-local (where clouds keep their metadata),
 * carrier-grade NAT, multicast or reserved, and none that wraps an IPv4 address, whatever that one is.
 */
export function isPublicAddress(text: string): boolean {
  const address = parsed(text);
  if (address === undefined || address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || (address as ipaddr.IPv6).match(GLOBAL_UNICAST);
}

/** Whether an address is this machine's own loopback. */
export const isLoopbackAddress = (text: string): boolean => parsed(text)?.range() === 'loopback';

function parsed(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  // Of IPv4 only the plain four numbers: other spellings are a URL parser's business, and are plain after it.
  const isPlain = ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
  return isPlain && !text.includes('%') ? ipaddr.parse(text) : undefined;
}

/** The host of a URL as it is resolved: without brackets, without the dot of the root. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');

/** A host written as an address; undefined for a name. */
export const literalAddress = (host: string): string | undefined =>
  ipaddr.IPv4.isValidFourPartDecimal(host) || ipaddr.IPv6.isValid(host) ? host : undefined;
