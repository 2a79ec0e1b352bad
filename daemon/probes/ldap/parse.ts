/** The few LDAP messages a look from outside needs (RFC 4511), and what a root DSE says (RFC 4512 5.1). Pure and total. */
import { type Software, unnamed } from "../software.ts";
import { type Element, readElement, readElements, readInteger, tag, write } from "./ber.ts";

/** Protocol operations of answers, by their tag. */
export const operation = { bind: 0x61, entry: 0x64, done: 0x65, reference: 0x73, extended: 0x78 } as const;
export const startTlsOid = "1.3.6.1.4.1.1466.20037";
export const maxMessageBytes = 262_144;

export interface Message {
	readonly id: number;
	readonly operation: number;
	readonly parts: readonly Element[];
}

export type Attributes = ReadonlyMap<string, readonly string[]>;

const rootAttributes: readonly string[] = ["*", "+"];
const maxValues = 64;

export function anonymousBind(id: number): Buffer {
	return request(id, write(0x60, [write(tag.integer, [Buffer.of(3)]), write(tag.octetString, ""), write(0x80, "")]));
}

export function startTlsRequest(id: number): Buffer {
	return request(id, write(0x77, [write(0x80, startTlsOid)]));
}

/** Every attribute of the root DSE, operational ones too: servers differ in which of them are. */
export function rootDseSearch(id: number): Buffer {
	return search(id, "", 0, rootAttributes);
}

/** One entry at most, anywhere below a naming context, without its attributes (RFC 4511 4.5.1.8). */
export function oneEntrySearch(id: number, base: string): Buffer {
	return search(id, base, 2, ["1.1"]);
}

function search(id: number, base: string, scope: number, attributes: readonly string[]): Buffer {
	return request(
		id,
		write(0x63, [
			write(tag.octetString, base),
			write(tag.enumerated, [Buffer.of(scope)]),
			write(tag.enumerated, [Buffer.of(0)]),
			write(tag.integer, [Buffer.of(1)]),
			write(tag.integer, [Buffer.of(5)]),
			write(tag.boolean, [Buffer.of(0)]),
			write(0x87, "objectClass"),
			write(
				tag.sequence,
				attributes.map((name) => write(tag.octetString, name)),
			),
		]),
	);
}

function request(id: number, body: Buffer): Buffer {
	return write(tag.sequence, [write(tag.integer, [Buffer.of(id)]), body]);
}

/** Reads one whole LDAPMessage; null when the bytes are none. */
export function parseMessage(bytes: Buffer): Message | null {
	const envelope = readElement(bytes);
	if (envelope?.tag !== tag.sequence) return null;
	const [id, body] = readElements(envelope.content, 3);
	const number = id?.tag === tag.integer ? readInteger(id) : null;
	if (number === null || body === undefined) return null;
	return { id: number, operation: body.tag, parts: readElements(body.content) };
}

/** The result code of a bind, search or extended answer; null when there is none. 0 is success, 4 size limit exceeded. */
export function resultCode(message: Message): number | null {
	const code = message.parts[0];
	return code?.tag === tag.enumerated ? readInteger(code) : null;
}

/** Attributes of a search entry, names in lower case. Values are read as UTF-8. */
export function parseAttributes(message: Message): Attributes {
	const found = new Map<string, readonly string[]>();
	if (message.operation !== operation.entry) return found;
	for (const attribute of readElements(message.parts[1]?.content ?? Buffer.alloc(0), 256)) {
		const [name, values] = readElements(attribute.content, 2);
		if (name === undefined || values === undefined) continue;
		const texts = readElements(values.content, maxValues).map((value) => value.content.toString("utf8", 0, 300));
		found.set(name.content.toString("latin1", 0, 100).toLowerCase(), texts);
	}
	return found;
}

/** Who answers, as far as a root DSE gives it away. */
export function softwareOf(root: Attributes): Software {
	const one = (name: string) => root.get(name)?.[0] ?? null;
	const vendorVersion = one("vendorversion");
	const named =
		/^(?<product>389-Directory|[A-Za-z][^/\d]{0,60})[/ ]v?(?<version>\d[\w.-]*)(?: (?<info>.{1,60}))?$/.exec(
			vendorVersion ?? "",
		)?.groups;
	if (root.has("forestfunctionality") || one("supportedcapabilities")?.startsWith("1.2.840.113556.1.4.")) {
		const samba = /samba/i.test(one("vendorname") ?? "");
		return { ...unnamed, product: samba ? "Samba Active Directory" : "Microsoft Active Directory" };
	}
	if (root.get("objectclass")?.some((name) => /^OpenLDAProotDSE$/i.test(name)))
		return { ...unnamed, product: "OpenLDAP" };
	if (named?.product === "389-Directory") {
		return { product: "389 Directory Server", version: named.version ?? null, info: named.info ?? null };
	}
	if (named) return { product: named.product?.trim() || null, version: named.version ?? null, info: one("vendorname") };
	return {
		product: one("vendorname")?.slice(0, 100) ?? null,
		version: vendorVersion?.slice(0, 100) ?? null,
		info: null,
	};
}

/** How sure an answer to an anonymous bind is LDAP's: an envelope, a message number, a bind or extended response. */
export function recogniseLdap(bytes: Buffer): number {
	const message = parseMessage(bytes);
	if (message === null) return 0;
	if (message.operation === operation.bind) return resultCode(message) === null ? 0.3 : 1;
	return message.operation === operation.extended ? 0.95 : 0;
}
