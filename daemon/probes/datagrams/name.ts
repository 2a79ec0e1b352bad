/**
 * Tells by one datagram which service answered, for those there is no conversation with: the protocol, and the software
 * where it says so by itself. Pure, bounded, never throws on any bytes.
 */

import { bacnet, cip, knx, memcached, mgcp, sip, sourceGame, tftp } from "./applications.ts";
import { cldap, ipmi, kerberos, mssqlBrowser, natPmp, ntp, rip, rpcs, snmpV3, ubiquiti, xdmcp } from "./management.ts";
import { clean, type NamedDatagram, type Recogniser } from "./named-datagram.ts";
import { mdns, netbios, slp, ssdp, wsDiscovery } from "./names.ts";
import { coap, dtls, gtp, ike, l2tp, openVpn, quic, radius, rdpUdp, stun } from "./tunnels.ts";

/** Those whose answers have more of their own in them first. */
const recognisers: readonly Recogniser[] = [
	sip,
	ssdp,
	wsDiscovery,
	memcached,
	mgcp,
	quic,
	dtls,
	stun,
	ike,
	ipmi,
	...rpcs,
	snmpV3,
	cldap,
	kerberos,
	netbios,
	mdns,
	slp,
	bacnet,
	knx,
	cip,
	sourceGame,
	mssqlBrowser,
	rdpUdp,
	l2tp,
	openVpn,
	radius,
	gtp,
	coap,
	xdmcp,
	tftp,
	ntp,
	rip,
	natPmp,
	ubiquiti,
];

/** Small servers that answer anything with text: their port is all there is to tell them by. */
const plain: Readonly<Record<number, string>> = { 7: "echo", 13: "daytime", 17: "qotd", 19: "chargen", 37: "time" };

/** Null when nobody knows it. `port` decides only where bytes do not. */
export function nameDatagram(port: number, bytes: Uint8Array): NamedDatagram | null {
	const view = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 2_048));
	for (const recognise of recognisers) {
		if (recognise.ports !== undefined && !recognise.ports.includes(port)) continue;
		const found = recognise.read(view);
		if (found !== null) {
			const { name, product = null, version = null, info = null } = found;
			return { name, product: clean(product), version: clean(version), info: clean(info) };
		}
	}
	const name = plain[port];
	return name === undefined ? null : { name, product: null, version: null, info: null };
}
