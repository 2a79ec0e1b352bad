/** One ClientHello on one connection, and what the server makes of it. Nothing is ever encrypted: it ends there. */

import { failureOf } from "../failure.ts";
import { type Dialer, type FailureReason, ProbeFailure } from "../probe.ts";
import { sslv2Hello } from "./build.ts";
import { findCipher } from "./ciphers.ts";
import {
	isSslv2ServerHello,
	type KeyExchange,
	MessageAssembler,
	messageTypes,
	parseAlert,
	parseCertificates,
	parseRecordHeader,
	parseServerHello,
	parseServerKeyExchange,
	type ServerHello,
} from "./parse.ts";

/** `accepted`: a ServerHello. `alert`: refused in words. `failed`: neither; the reason says why. */
export type Answer =
	| {
			readonly kind: "accepted";
			readonly hello: ServerHello;
			/** DER, leaf first; empty when none was sent or waited for. */
			readonly certificates: readonly Buffer[];
			readonly keyExchange: KeyExchange | null;
	  }
	| { readonly kind: "alert"; readonly code: number }
	| { readonly kind: "failed"; readonly reason: FailureReason };

/** Longest flight that is read: a chain of real certificates has under 20 KiB. */
const maxFlightBytes = 256 * 1024;
/** A flight comes in a handful of records; empty ones and warnings cost nothing to send. */
const maxRecords = 200;

/**
 * Never rejects for what the target does; rejects with ProbeFailure `aborted` or `budget` (of the dialer) so that the
 * whole enumeration ends. With `wholeFlight` it reads on to ServerHelloDone.
 */
export async function shakeHands(dialer: Dialer, hello: Buffer, wholeFlight: boolean): Promise<Answer> {
	let connection: Awaited<ReturnType<Dialer["connect"]>> | null = null;
	try {
		connection = await dialer.connect();
		await connection.write(hello);
		return await readFlight(
			(n) => connection?.readExactly(n) ?? Promise.reject(new ProbeFailure("closed")),
			wholeFlight,
		);
	} catch (error) {
		const failure = failureOf(error);
		if (failure.reason === "aborted") throw failure;
		return { kind: "failed", reason: failure.reason };
	} finally {
		connection?.close();
	}
}

type ReadExactly = (n: number) => Promise<Buffer>;

async function readFlight(readExactly: ReadExactly, wholeFlight: boolean): Promise<Answer> {
	const assembler = new MessageAssembler(maxFlightBytes);
	const flight = new Flight(wholeFlight);
	for (let records = 0; records < maxRecords; records += 1) {
		const header = await nextRecord(readExactly, flight);
		if (header === null) break;
		const body = await readExactly(header.length);
		if (header.type === "alert") {
			const alert = parseAlert(body);
			// Warnings (unrecognized_name, RFC 6066) go ahead of the ServerHello.
			if (alert !== null && !alert.fatal && alert.code !== 0 && flight.hello === null) continue;
			if (flight.hello !== null) break;
			return { kind: "alert", code: alert?.code ?? 40 };
		}
		if (header.type !== "handshake") break;
		const messages = assembler.push(body);
		if (messages === null) return { kind: "failed", reason: "budget" };
		if (messages.some((message) => flight.take(message.type, message.body))) break;
	}
	return flight.answer();
}

/** Null ends the flight: no TLS, or the end of a flight whose ServerHello is known already. */
async function nextRecord(readExactly: ReadExactly, flight: Flight) {
	try {
		return parseRecordHeader(await readExactly(5));
	} catch (error) {
		if (flight.hello !== null && failureOf(error).reason !== "aborted") return null;
		throw error;
	}
}

/** What of the server's flight has been understood so far. */
class Flight {
	hello: ServerHello | null = null;
	readonly #wholeFlight: boolean;
	#certificates: Buffer[] = [];
	#keyExchange: KeyExchange | null = null;

	constructor(wholeFlight: boolean) {
		this.#wholeFlight = wholeFlight;
	}

	/** True when nothing more is wanted. */
	take(type: number, body: Buffer): boolean {
		if (type === messageTypes.serverHello) {
			this.hello = parseServerHello(body);
			return this.hello === null || !this.#wholeFlight || this.hello.version >= 0x0304;
		}
		if (this.hello === null || type === messageTypes.serverHelloDone) return true;
		if (type === messageTypes.certificate) this.#certificates = parseCertificates(body) ?? [];
		if (type === messageTypes.serverKeyExchange) {
			const exchange = findCipher(this.hello.cipher)?.exchange ?? "other";
			if (exchange !== "other") this.#keyExchange = parseServerKeyExchange(body, exchange);
		}
		return false;
	}

	answer(): Answer {
		if (this.hello === null) return { kind: "failed", reason: "protocol" };
		return {
			kind: "accepted",
			hello: this.hello,
			certificates: this.#certificates,
			keyExchange: this.#keyExchange,
		};
	}
}

/** Does SSL 2.0 answer? Null when it cannot be told. */
export async function answersSslv2(dialer: Dialer): Promise<boolean | null> {
	try {
		const connection = await dialer.connect();
		try {
			await connection.write(sslv2Hello());
			let bytes = (await connection.read()) ?? Buffer.alloc(0);
			while (bytes.length > 0 && bytes.length < 13) {
				const more = await connection.read();
				if (more === null) break;
				bytes = Buffer.concat([bytes, more]);
			}
			return isSslv2ServerHello(bytes);
		} finally {
			connection.close();
		}
	} catch (error) {
		const { reason } = failureOf(error);
		return reason === "closed" || reason === "reset" ? false : null;
	}
}
