/** Address blocks that are never a target, and those that belong to no one else. Sources: RFC 6890, RFC 4291, RFC 6598. */
import { AddressSet } from "./address-set.ts";

/**
 * "This network", multicast, the reserved class E block with the limited broadcast, the unspecified IPv6 address and IPv6
 * multicast: a packet to these reaches no host, or too many.
 */
export const neverTargets = AddressSet.fromText([
	["0.0.0.0", "0.255.255.255"],
	["224.0.0.0", "255.255.255.255"],
	["::", "::"],
	["ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
]);

/** Loopback, link-local, private and shared space: addresses outside these are someone's public ones. */
export const privateAddresses = AddressSet.fromText([
	["10.0.0.0", "10.255.255.255"],
	["100.64.0.0", "100.127.255.255"],
	["127.0.0.0", "127.255.255.255"],
	["169.254.0.0", "169.254.255.255"],
	["172.16.0.0", "172.31.255.255"],
	["192.168.0.0", "192.168.255.255"],
	["::1", "::1"],
	["fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
	["fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
]);
