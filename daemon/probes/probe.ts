/**
 * What a probe is and what it is handed. A probe talks one protocol to one port through a dialer and returns what it
 * learned; recognising, deadlines, budgets and TLS below it are the caller's.
 */
import type { Transport } from "../../protocol/model/transport.ts";
import type { DataOf, Kind } from "../evidence/record.ts";

/** A bounded byte stream to the target. Every call rejects with ProbeFailure; none ever hangs past the deadline. */
export interface Connection {
	/** Sends everything, or fails. */
	write(bytes: Uint8Array | string): Promise<void>;
	/** Next bytes as they come; null at end of stream. `timeoutMs` shortens the wait: then an empty array means silence. */
	read(timeoutMs?: number): Promise<Buffer | null>;
	/** Exactly n bytes. */
	readExactly(n: number): Promise<Buffer>;
	/** Up to and including the delimiter; `maxBytes` (default 64 KiB) bounds it. */
	readUntil(delimiter: string | Uint8Array, maxBytes?: number): Promise<Buffer>;
	/** A line without its CR LF or LF, as Latin-1. */
	readLine(maxBytes?: number): Promise<string>;
	/** Gives bytes back to the front of the stream. */
	unread(bytes: Uint8Array): void;
	close(): void;
	readonly bytesRead: number;
}

export interface Dialer {
	/** A new TCP connection (inside TLS when the port speaks it from the first byte). */
	connect(): Promise<Connection>;
	/**
	 * A connection outside TLS to another port of the same address, for protocols with a data channel (FTP). Rejects with
	 * ProbeFailure; ports that scope keeps bytes from are refused. Absent: the probe does without.
	 */
	connectPort?(port: number): Promise<Connection>;
	/** One datagram out, the first answer back; null on silence. */
	exchange(datagram: Uint8Array, timeoutMs?: number): Promise<Buffer | null>;
	/** Milliseconds its callers have spent waiting until limits let them send; no budget of time counts them. Absent: none. */
	waitedMs?(): number;
}

/** Why a conversation ended early: an outcome, not an error of ours. */
const failureReasons = [
	"refused",
	"timeout",
	"reset",
	"closed",
	"unreachable",
	"protocol",
	"budget",
	"tls",
	"aborted",
] as const;
export type FailureReason = (typeof failureReasons)[number];

export class ProbeFailure extends Error {
	readonly reason: FailureReason;
	constructor(reason: FailureReason, message: string = reason) {
		super(message);
		this.name = "ProbeFailure";
		this.reason = reason;
	}
}

export interface ProbeContext {
	readonly address: string;
	readonly port: number;
	/** Host name the target was asked for by; null when scanned by address. */
	readonly hostname: string | null;
	/** The conversation is inside TLS from its first byte. */
	readonly tls: boolean;
	/** Protocol whose STARTTLS preamble `dial` has already spoken; only the tls probe is ever given it. */
	readonly starttls?: string;
	readonly dial: Dialer;
	/** Aborts at the probe's deadline, on pause and on cancel. */
	readonly signal: AbortSignal;
	/** Milliseconds since the epoch; the one clock. */
	now(): number;
}

export interface Lesson<K extends Kind = Kind> {
	readonly kind: K;
	readonly data: DataOf<K>;
	/** False when something was not answered. Default true. */
	readonly complete?: boolean;
}

/** What a probe learned: its own kind first, further kinds it met on the way (elasticsearch behind http) after it. */
export type Learned = readonly { [K in Kind]: Lesson<K> }[Kind][];

export interface Probe {
	/** Protocol name: the folder's name, and what a service is called on screen. */
	readonly name: string;
	readonly transport: Transport;
	/** Ports where this protocol is tried first. A hint only: what answers decides. */
	readonly ports: readonly number[];
	/** `server`: it greets first. `client`: it waits for `hello`. */
	readonly speaksFirst: "server" | "client";
	/** What a client-first protocol is sent to make it show itself. Harmless to anything else. */
	hello?(context: { hostname: string | null; address: string; port: number }): Uint8Array;
	/** Do these first bytes belong to this protocol? Pure, bounded, never throws. 0 no … 1 certain. */
	recognise(bytes: Buffer): number;
	/** The whole conversation, on new connections. Rejects with ProbeFailure. */
	talk(context: ProbeContext): Promise<Learned>;
	/** Brings a fresh connection to the point where a ClientHello may be sent; false when the server declines. */
	startTls?(connection: Connection, context: ProbeContext): Promise<boolean>;
	/** Most connections one look into TLS behind `startTls` may open, where the server holds them against the caller. */
	readonly startTlsConnections?: number;
	/** Did `talk` find that STARTTLS is offered? Only with `startTls`. */
	offersStartTls?(learned: Learned): boolean;
}
