/** Questions to directories and ticket servers over UDP: CLDAP and Kerberos. Pure. */
import { integer, octets, tlv } from "./bytes.ts";

/** CLDAP (RFC 1798; [MS-ADTS] section 6.3.3): the root DSE, as LDAP asks for it (RFC 4511 section 4.5.1). */
export function cldapRoot(): Uint8Array {
	const enumerated = (value: number) => tlv(0x0a, Uint8Array.of(value));
	const search = tlv(
		0x63,
		...[octets(""), enumerated(0), enumerated(0), integer(1), integer(2), tlv(0x01, Uint8Array.of(0))],
		octets("objectClass", 0x87),
		tlv(0x30, octets("supportedLDAPVersion"), octets("namingContexts"), octets("dnsHostName")),
	);
	return tlv(0x30, integer(1), search);
}

/** Kerberos AS-REQ (RFC 4120 section 5.4.1) of a realm that is nobody's: a KDC says which error that is. */
export function kerberosRequest(): Uint8Array {
	const realm = "VEDETTE.INVALID";
	const field = (number: number, value: Uint8Array) => tlv(0xa0 | number, value);
	const name = (type: number, ...parts: readonly string[]) =>
		tlv(0x30, field(0, integer(type)), field(1, tlv(0x30, ...parts.map((part) => octets(part, 0x1b)))));
	const body = tlv(
		0x30,
		field(0, tlv(0x03, Uint8Array.of(0, 0, 0, 0, 0))),
		field(1, name(1, "vedette")),
		field(2, octets(realm, 0x1b)),
		field(3, name(2, "krbtgt", realm)),
		field(5, octets("20370101000000Z", 0x18)),
		field(7, integer(0x76656465)),
		field(8, tlv(0x30, integer(18), integer(17), integer(23))),
	);
	return tlv(0x6a, tlv(0x30, field(1, integer(5)), field(2, integer(10)), field(4, body)));
}
