/** SNMP v1 and v2c messages (RFC 1157, RFC 3416): a GET of the system group built, its response read. Pure, never throws. */
import { element, integer, objectId, readElement, readElements, readNumber, readObjectId, tags } from "./ber.ts";

/** RFC 1213 system group, the instances every agent has. */
export const systemObjects = {
	sysDescr: "1.3.6.1.2.1.1.1.0",
	sysObjectId: "1.3.6.1.2.1.1.2.0",
	sysUpTime: "1.3.6.1.2.1.1.3.0",
	sysName: "1.3.6.1.2.1.1.5.0",
} as const;

const snmpVersions = { v1: 0, v2c: 1 } as const;
export type SnmpVersion = keyof typeof snmpVersions;

/** Longest answer looked at: a datagram's largest size is what RFC 3417 lets an agent send. */
const maxAnswerBytes = 65_507;
const maxTextLength = 1_000;

/** A GetRequest for the objects named. `requestId` is below 2^31. */
export function getRequest(
	version: SnmpVersion,
	community: string,
	requestId: number,
	objects: readonly string[],
): Buffer {
	const bindings = objects.map((name) => element(tags.sequence, objectId(name), element(tags.null)));
	const pdu = element(tags.getRequest, integer(requestId), integer(0), integer(0), element(tags.sequence, ...bindings));
	const name = element(tags.octetString, Buffer.from(community, "latin1"));
	return element(tags.sequence, integer(snmpVersions[version]), name, pdu);
}

export interface SnmpResponse {
	version: SnmpVersion;
	community: string;
	requestId: number;
	/** error-status: 0 is none, 2 noSuchName (v1). The community was right either way. */
	errorStatus: number;
	sysDescr: string | null;
	sysName: string | null;
	sysObjectId: string | null;
	uptimeSeconds: number | null;
}

/** A Response to a GET; null when the bytes are anything else. */
export function parseResponse(bytes: Buffer): SnmpResponse | null {
	if (bytes.length > maxAnswerBytes) return null;
	const message = readElement(bytes)?.element;
	if (message?.tag !== tags.sequence) return null;
	const [versionField, communityField, pdu] = readElements(message.content, 3) ?? [];
	const version = (Object.keys(snmpVersions) as SnmpVersion[]).find(
		(name) => snmpVersions[name] === readNumber(versionField),
	);
	if (!version || communityField?.tag !== tags.octetString || pdu?.tag !== tags.getResponse) return null;
	const [idField, statusField, , bindings] = readElements(pdu.content, 4) ?? [];
	const requestId = readNumber(idField);
	const errorStatus = readNumber(statusField);
	if (requestId === null || errorStatus === null || bindings?.tag !== tags.sequence) return null;
	return {
		version,
		community: communityField.content.toString("latin1", 0, 64),
		requestId,
		errorStatus,
		...systemOf(bindings.content),
	};
}

function systemOf(bindings: Buffer): Pick<SnmpResponse, "sysDescr" | "sysName" | "sysObjectId" | "uptimeSeconds"> {
	const system: ReturnType<typeof systemOf> = { sysDescr: null, sysName: null, sysObjectId: null, uptimeSeconds: null };
	for (const binding of readElements(bindings, 32) ?? []) {
		const [name, value] = readElements(binding.content, 2) ?? [];
		const text = value?.tag === tags.octetString ? textOf(value.content) : null;
		switch (readObjectId(name)) {
			case systemObjects.sysDescr:
				system.sysDescr = text;
				break;
			case systemObjects.sysName:
				system.sysName = text;
				break;
			case systemObjects.sysObjectId:
				system.sysObjectId = readObjectId(value);
				break;
			case systemObjects.sysUpTime: {
				const ticks = value?.tag === tags.timeTicks ? readNumber(value) : null;
				system.uptimeSeconds = ticks === null ? null : ticks / 100;
				break;
			}
		}
	}
	return system;
}

function textOf(content: Buffer): string {
	const text = content.toString("utf8");
	return (text.includes("\ufffd") ? content.toString("latin1") : text).slice(0, maxTextLength);
}

/** Does a datagram belong to an SNMP agent? 0 no, 1 a response, 0.9 another v1 or v2c message or v3 report. */
export function looksLikeSnmp(bytes: Buffer): number {
	if (parseResponse(bytes)) return 1;
	const message = readElement(bytes)?.element;
	if (message?.tag !== tags.sequence) return 0;
	const [version, second] = readElements(message.content, 8) ?? [];
	const number = readNumber(version);
	if (number === 3 && second?.tag === tags.sequence) return 0.9;
	return (number === 0 || number === 1) && second?.tag === tags.octetString ? 0.9 : 0;
}
