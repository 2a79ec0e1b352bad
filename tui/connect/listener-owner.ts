/**
 * Whose daemon it is that answers without TLS on this machine: any user may take a port that is free, and would be shown the
 * token. The kernel says who has the socket; `/proc/net/tcp` and `tcp6` are as proc(5) tells.
 */
import { readFileSync } from "node:fs";
import { isIPv4, type Socket } from "node:net";
import { endianness } from "node:os";
import { AppError } from "../../protocol/errors.ts";

/** Both ends as this one sees them. */
export type Ends = Pick<Socket, "remoteAddress" | "remotePort" | "localAddress" | "localPort">;

interface Row {
	readonly local: string;
	readonly remote: string;
	readonly isListening: boolean;
	readonly uid: number;
}

/** Whom the kernel names for those whom it cannot name here; it may be anybody. */
const overflowUid = 65_534;
const anyAddress = { 4: "0".repeat(8), 6: "0".repeat(32) };

/** The uid at the other end of a connection within this machine; null where that cannot be told. */
export function ownerOf(ends: Ends): number | null {
	return ownerIn(["tcp", "tcp6"].map(readTable).join("\n"), ends);
}

/**
 * Asks for who listens and for who accepted: a connection that nobody has accepted yet counts as root's, and one that was
 * accepted outlives the listener. Null too when the two differ. Pure, never throws.
 */
export function ownerIn(table: string, { remoteAddress, remotePort, localAddress, localPort }: Ends): number | null {
	if (remoteAddress === undefined || localAddress === undefined) return null;
	if (remotePort === undefined || localPort === undefined) return null;
	const rows = table.split("\n").flatMap(readRow);
	const there = namesOf(remoteAddress, remotePort);
	const here = namesOf(localAddress, localPort);
	const accepted = rows.find((row) => !row.isListening && there.includes(row.local) && here.includes(row.remote));
	// The nearest match is the one that the kernel gives a connection to.
	const places = [...there, ...anywhere(remoteAddress, remotePort)];
	const place = places.find((name) => rows.some((row) => row.isListening && row.local === name));
	const owners = new Set(rows.filter((row) => row.isListening && row.local === place).map(({ uid }) => uid));
	const [owner] = owners;
	if (accepted === undefined || owner === undefined || owners.size > 1 || owner === overflowUid) return null;
	return accepted.uid === owner || accepted.uid === 0 ? owner : null;
}

/**
 * True when it may be shown a token without a question: root, who reads it anyway, the user themself, and whoever it was
 * before. False: ask. Throws `forbidden` for another one than before, `unavailable` for one who cannot be told: the connection
 * may only have ended meanwhile.
 */
export function judgeOwner(
	url: string,
	owner: number | null,
	{ known, ownUid }: { readonly known: number | undefined; readonly ownUid: number },
): boolean {
	const hint = `Somebody may have taken its port. With TLS it proves who it is: vedette access listen ${url.slice(5)} --tls, then vedette attach ${url.replace(/^ws/, "wss")}`;
	if (owner === null) {
		const message = `Whose program answers on ${url} cannot be told: no token was sent to it. With TLS it would prove who it is.`;
		throw new AppError("unavailable", message, { hint });
	}
	if (owner === 0 || owner === ownUid || owner === known) return true;
	if (known === undefined) return false;
	throw new AppError(
		"forbidden",
		`What answers on ${url} is of the user with uid ${owner}, and was of ${known} before: no token was sent to it.`,
		{ hint: `${hint}. If it is right: take its line out of known-daemons beside the settings.` },
	);
}

function readTable(name: string): string {
	try {
		return readFileSync(`/proc/net/${name}`, "latin1");
	} catch {
		return "";
	}
}

function readRow(line: string): Row[] {
	const [, local = "", remote = "", state = "", , , , uid = ""] = line.trim().split(/\s+/);
	if (!/^[\dA-F]+:[\dA-F]{4}$/.test(local) || !/^\d{1,10}$/.test(uid)) return [];
	return [{ local, remote, isListening: state === "0A", uid: Number(uid) }];
}

/** As the tables write an end; one of IPv4 also stands in that of IPv6, where somebody listens for both. */
function namesOf(address: string, port: number): string[] {
	const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
	const digits = portDigits(port);
	if (plain === "::1") return [`${wordOf([0, 0, 0, 0]).repeat(3)}${wordOf([0, 0, 0, 1])}:${digits}`];
	if (!isIPv4(plain)) return [];
	const word = wordOf(plain.split(".").map(Number));
	const mapped = `${"0".repeat(16)}${wordOf([0, 0, 255, 255])}${word}`;
	return [`${word}:${digits}`, `${mapped}:${digits}`];
}

function anywhere(address: string, port: number): string[] {
	const all = address === "::1" ? [anyAddress[6]] : [anyAddress[4], anyAddress[6]];
	return all.map((any) => `${any}:${portDigits(port)}`);
}

function portDigits(port: number): string {
	return port.toString(16).toUpperCase().padStart(4, "0");
}

/** Four bytes as the machine's own number. */
function wordOf(bytes: readonly number[]): string {
	const inOrder = endianness() === "LE" ? [...bytes].reverse() : bytes;
	return Buffer.from(inOrder).toString("hex").toUpperCase();
}
