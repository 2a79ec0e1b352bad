/** Questions to what machines are managed by: SNMP, IPMI, time, databases' browsers, routers, displays. Pure. */
import { hex, integer, join, octets, tlv, u16, u32, zeroes } from "./bytes.ts";

/** sysDescr.0 (RFC 1213). */
const systemDescription = tlv(0x06, hex("2b 06 01 02 01 01 01 00"));
const requestId = 0x76656465;

/** SNMP v1 and v2c (RFC 1157, RFC 3416): GET of the description with a community agents are shipped with. */
export function snmpGet(version: 0 | 1, community: string): Uint8Array {
	const bindings = tlv(0x30, tlv(0x30, systemDescription, tlv(0x05)));
	const request = tlv(0xa0, integer(requestId), integer(0), integer(0), bindings);
	return tlv(0x30, integer(version), octets(community), request);
}

/** SNMP v3 (RFC 3412 section 6, RFC 3414 section 4): an empty request that may be reported on, so that the agent says who it is. */
export function snmpDiscovery(): Uint8Array {
	const header = tlv(0x30, integer(requestId), integer(65_507), tlv(0x04, Uint8Array.of(4)), integer(3));
	const security = tlv(0x30, ...[octets(""), integer(0), integer(0)], ...[octets(""), octets(""), octets("")]);
	const scoped = tlv(0x30, octets(""), octets(""), tlv(0xa0, integer(requestId), integer(0), integer(0), tlv(0x30)));
	return tlv(0x30, integer(3), header, tlv(0x04, security), scoped);
}

/** NTP: a client's question in version 4 (RFC 5905 section 7.3). */
export function ntpQuestion(): Uint8Array {
	return join(Uint8Array.of(0x23), zeroes(39), u32(0x76656465, 0x74746500));
}

/** Remote management (DMTF DSP0136 section 3.2.4): are you there? */
export function asfPing(): Uint8Array {
	return hex("06 00 ff 06 00 00 11 be 80 01 00 00");
}

/** IPMI 1.5 (section 13 and 22.13): Get Channel Authentication Capabilities, of this channel, for an administrator. */
export function ipmiCapabilities(): Uint8Array {
	const body = hex("20 18 c8 81 00 38 8e 04");
	const sum = body.subarray(3).reduce((total, byte) => total + byte, 0);
	return join(hex("06 00 ff 07 00"), zeroes(8), Uint8Array.of(body.length + 1), body, Uint8Array.of(-sum & 255));
}

/** SQL Server browser ([MC-SQLR] section 2.2.2): all instances, to the one who asks. */
export function sqlBrowser(): Uint8Array {
	return Uint8Array.of(3);
}

/** XDMCP (X Display Manager Control Protocol section 5): who is willing, without authentication. */
export function xdmcpQuery(): Uint8Array {
	return join(u16(1, 2, 1), zeroes(1));
}

/** RIP version 1 (RFC 1058 section 3.4.1): the whole table. */
export function ripTable(): Uint8Array {
	return join(Uint8Array.of(1, 1), zeroes(2), zeroes(16), u32(16));
}

/** NAT-PMP (RFC 6886 section 3.2): the public address. */
export function natPmpAddress(): Uint8Array {
	return zeroes(2);
}

/** Ubiquiti's device discovery: version 1, command 0, no data. */
export function ubiquitiDiscovery(): Uint8Array {
	return hex("01 00 00 00");
}

/** RPC version 2 call of procedure 0 of a program (RFC 5531 section 9): does nothing, and is answered. */
export function rpcNull(program: number, version: number): Uint8Array {
	return u32(requestId, 0, 2, program, version, 0, 0, 0, 0, 0);
}
