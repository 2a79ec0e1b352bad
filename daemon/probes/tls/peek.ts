/** What TLS 1.3 shows only after encryption has started: certificate chain and ALPN, through node:tls. */

import { isIP } from "node:net";
import { Duplex } from "node:stream";
import { connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import { failureOf, failureOfSignal } from "../failure.ts";
import { type Connection, type ProbeContext, ProbeFailure } from "../probe.ts";

const maxChain = 16;
const maxChainBytes = 256 * 1024;

export interface Peeked {
	/** DER, leaf first. */
	readonly certificates: Buffer[];
	readonly alpn: string | null;
}

/** One full handshake with any server. Rejects with ProbeFailure. */
export async function peek(context: ProbeContext, alpn: readonly string[]): Promise<Peeked> {
	const connection = await context.dial.connect();
	try {
		return await handshake(connection, context, alpn);
	} finally {
		connection.close();
	}
}

function handshake(connection: Connection, context: ProbeContext, alpn: readonly string[]): Promise<Peeked> {
	const { hostname, signal } = context;
	return new Promise((resolve, reject) => {
		const socket = connect({
			socket: streamOf(connection),
			rejectUnauthorized: false,
			checkServerIdentity: () => undefined,
			ciphers: "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:DEFAULT:@SECLEVEL=0",
			minVersion: "TLSv1",
			ca: [],
			...(alpn.length > 0 ? { ALPNProtocols: [...alpn] } : {}),
			...(hostname !== null && isIP(hostname) === 0 ? { servername: hostname } : {}),
		});
		const abort = () => socket.destroy(failureOfSignal(signal));
		signal.addEventListener("abort", abort, { once: true });
		socket.on("secureConnect", () => {
			resolve({ certificates: chainOf(socket), alpn: socket.alpnProtocol || null });
			socket.destroy();
		});
		socket.on("error", (error) => reject(failureOf(error)));
		socket.on("close", () => {
			signal.removeEventListener("abort", abort);
			reject(new ProbeFailure("closed"));
		});
	});
}

function chainOf(socket: TLSSocket): Buffer[] {
	const chain: Buffer[] = [];
	let bytes = 0;
	let entry: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
	while (entry?.raw !== undefined && chain.length < maxChain) {
		bytes += entry.raw.length;
		if (bytes > maxChainBytes) break;
		chain.push(entry.raw);
		if (entry.issuerCertificate === entry) break;
		entry = entry.issuerCertificate;
	}
	return chain;
}

/** A connection as the stream node:tls wants. */
function streamOf(connection: Connection): Duplex {
	return new Duplex({
		read() {
			connection.read().then(
				(chunk) => this.push(chunk),
				(error) => this.destroy(error),
			);
		},
		write(chunk: Buffer, _encoding, done) {
			connection.write(chunk).then(() => done(), done);
		},
		destroy(error, done) {
			connection.close();
			done(error);
		},
	});
}
