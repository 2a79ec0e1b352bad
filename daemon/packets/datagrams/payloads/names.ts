/** Questions to services that know names or tell of themselves: DNS and its relatives, NetBIOS, SSDP, WS-Discovery, SLP. Pure. */
import { ascii, join, u16, u32, zeroes } from "./bytes.ts";

/** What an answer that matters carries back; any number does for the others. */
const transaction = 0x7665;

function dnsQuestion(id: number, flags: number, name: string, type: number, kind: number): Uint8Array {
	const labels = name.split(".").map((label) => join(Uint8Array.of(label.length), ascii(label)));
	return join(u16(id, flags, 1, 0, 0, 0), ...labels, zeroes(1), u16(type, kind));
}

/** DNS (RFC 1035): TXT in class CHAOS of version.bind (RFC 4892), which a server answers or refuses, and asks nobody else. */
export function dnsVersion(): Uint8Array {
	return dnsQuestion(transaction, 0x0000, "version.bind", 16, 3);
}

/** mDNS (RFC 6762 section 5.4, RFC 6763 section 9): all service types, answered to us alone. */
export function mdnsServices(): Uint8Array {
	return dnsQuestion(0, 0x0000, "_services._dns-sd._udp.local", 12, 0x8001);
}

/** LLMNR (RFC 4795): a name nobody has would be met with silence; this one is asked for in every network. */
export function llmnrQuestion(): Uint8Array {
	return dnsQuestion(transaction, 0x0000, "wpad", 1, 1);
}

/** NetBIOS name service (RFC 1002 section 4.2.17): node status of `*`, all names of whoever listens. */
export function netbiosStatus(): Uint8Array {
	// First-level encoding (RFC 1001 section 14.1) of "*" and fifteen zero bytes: two letters for each byte.
	const name = join(Uint8Array.of(32), ascii("CK".padEnd(32, "A")), zeroes(1));
	return join(u16(transaction, 0x0000, 1, 0, 0, 0), name, u16(0x21, 1));
}

/** SSDP search (UPnP Device Architecture 1.1 section 1.3.2), unicast. */
export function ssdpSearch(): Uint8Array {
	const lines = [
		"M-SEARCH * HTTP/1.1",
		"HOST: 239.255.255.250:1900",
		'MAN: "ssdp:discover"',
		"MX: 1",
		"ST: ssdp:all",
		"USER-AGENT: Vedette",
	];
	return ascii(`${lines.join("\r\n")}\r\n\r\n`);
}

/** WS-Discovery probe for anything (OASIS Web Services Dynamic Discovery 1.1 section 5.2, in the 2005 namespace devices speak). */
export function wsDiscoveryProbe(): Uint8Array {
	const discovery = "http://schemas.xmlsoap.org/ws/2005/04/discovery";
	const addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
	return ascii(
		`<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" ` +
			`xmlns:a="${addressing}" xmlns:d="${discovery}"><s:Header><a:Action>${discovery}/Probe</a:Action>` +
			"<a:MessageID>urn:uuid:76656465-7474-4500-8000-000000000001</a:MessageID>" +
			"<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>" +
			"<s:Body><d:Probe/></s:Body></s:Envelope>",
	);
}

/** SLP service type request (RFC 2608 section 10.1): all types of all naming authorities in the default scope. */
export function slpTypes(): Uint8Array {
	const scope = ascii("DEFAULT");
	const body = join(u16(0, 0xffff), u16(scope.length), scope);
	const length = 14 + 2 + body.length;
	// Version 2, function 9, length, flags, extension offset, transaction, language tag.
	const header = join(
		Uint8Array.of(2, 9),
		u32(length).subarray(1),
		u16(0),
		zeroes(3),
		u16(transaction, 2),
		ascii("en"),
	);
	return join(header, body);
}
