/**
 * Values that identify nobody, whoever shows them: what a maker left blank, what every copy of an image or of a program
 * has. Pure.
 */
import type { IdentifierKind } from "../store/identifiers.ts";
import { publishedHostKeys } from "./published-host-keys.ts";

/** Can a value of this kind tell one machine from another at all? */
export function mayIdentify(kind: IdentifierKind, value: string): boolean {
	switch (kind) {
		case "agent-id":
		case "host-id":
		case "dmi-uuid":
			return isUuid(value);
		case "machine-id":
			return /^[0-9a-f]{32}$/.test(value) && isVaried(value);
		case "cloud-instance":
			return !madeUpInstances.test(value);
		case "ssh-host-key":
			return !publishedHostKeys.has(value);
		case "mac":
			return isOneAdapter(value);
		case "netbios":
		case "name":
			return !isGivenToMany(value.toLowerCase());
		default:
			return value !== "";
	}
}

/** What boards say whose maker set none, as they are met in the field; the first groups are often byte-swapped. */
const defaultUuids = new Set([
	...["03000200-0400-0500-0006-000700080009", "00020003-0004-0005-0006-000700080009"],
	...["00000000-0000-0000-0000-000000000001", "01234567-8910-1112-1314-151617181920"],
	...["12345678-1234-1234-1234-123456789abc", "12345678-1234-5678-90ab-cddeefaabbcc"],
]);

function isUuid(value: string): boolean {
	const lower = value.toLowerCase();
	if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(lower) || defaultUuids.has(lower)) return false;
	return isVaried(lower.replaceAll("-", ""));
}

/** Not one or two digits over and over: zeros, ones, `fefe…`. */
function isVaried(digits: string): boolean {
	return new Set(digits).size > 2;
}

/** cloud-init's names for a machine that no cloud has named. */
const madeUpInstances = /(?:^|\s)(?:|none|nocloud|iid-datasource-none|iid-local01|localhost|unknown)$/i;

/** Addresses that a protocol or a program gives to many adapters. Beginnings, with where they are written down. */
const sharedAdapters = [
	// VRRP and CARP, RFC 9568 section 7.3: the virtual router's, which moves from one router to the other.
	...["00:00:5e:00:01:", "00:00:5e:00:02:"],
	// HSRP version 1 and 2, for IPv6, and GLBP: the same of Cisco's.
	...["00:00:0c:07:ac:", "00:00:0c:9f:f", "00:05:73:a0:0", "00:07:b4:00:"],
	// VMware's own adapters of a host, alike on every host.
	...["00:50:56:c0:00:"],
	// What Windows calls its dial-up and tunnel adapters by, and Npcap its loopback.
	...["00:ff:", "20:41:53:59:4e:ff", "02:00:4c:4f:4f:50"],
];

/**
 * IEEE 802: of the first byte the lowest bit marks a group, the next a local assignment: containers, bridges, and the
 * random addresses of phones and laptops.
 */
function isOneAdapter(mac: string): boolean {
	if (!/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/.test(mac)) return false;
	if ((Number.parseInt(mac.slice(0, 2), 16) & 3) !== 0) return false;
	return isVaried(mac.replaceAll(":", "")) && !sharedAdapters.some((start) => mac.startsWith(start));
}

/** What an installer or a maker calls a machine that nobody has named. Of a full name, the first part counts. */
const givenToMany = new Set([
	...["localhost", "localhost6", "localdomain", "ip6-localhost", "ip6-loopback", "unknown", "none", "default", "host"],
	...["debian", "ubuntu", "fedora", "centos", "rhel", "alpine", "archlinux", "kali", "raspberrypi", "linux", "freebsd"],
	...["router", "gateway", "_gateway", "switch", "printer", "openwrt", "server", "workgroup", "vagrant", "docker"],
]);

function isGivenToMany(name: string): boolean {
	const [first = "", ...rest] = name.split(".");
	if (first === "localhost") return true;
	const full = rest.length > 0 && rest.at(-1) !== "localdomain" && rest.at(-1) !== "local";
	return !full && givenToMany.has(first);
}
