/**
 * The door to the network, closed unless somebody asked for it: JSON-RPC over WebSocket on TCP, with TLS wherever it can be
 * reached from another machine. It only takes connections in; nobody comes through without a token.
 */
import { createServer, type Server, type Socket } from "node:net";
import type { Server as TlsServer } from "node:tls";
import type { Logger } from "pino";
import { AppError } from "../../protocol/errors.ts";
import type { HomePaths } from "../../protocol/home.ts";
import type { NetworkDoor as DoorState, Listener } from "../../protocol/model/operator.ts";
import { type Certificate, type CertificateFiles, ownCertificate, readCertificate, stampOf } from "./certificate.ts";
import { DoorCrowd } from "./door-crowd.ts";
import { type ListenAddress, readListenAddress, writeListenAddress } from "./listen-address.ts";

export interface NetworkDoorOptions {
	readonly home: Pick<HomePaths, "networkCertificatePath" | "networkKeyPath">;
	readonly log: Logger;
	/** Where it must be open now; null: nowhere. */
	wish(): Listener | null;
	/**
	 * Takes a connection, past TLS where there is TLS; `from` is the address at its other end. To be called back once it
	 * has shown a token that holds.
	 */
	onConnection(socket: Socket, from: string, onAdmitted: () => void): void;
	/** Unix milliseconds. */
	now(): number;
	/** How long until a door that could not be opened is tried again. Milliseconds. */
	readonly retryMs?: number;
}

interface Open {
	readonly server: Server;
	readonly wish: Listener;
	readonly sockets: ReadonlySet<Socket>;
	/** As it is written, with the port that was taken. */
	readonly address: string;
	readonly tls: Tls | null;
}

interface Tls {
	readonly server: TlsServer;
	/** Throws for what cannot be used. */
	use(pair: Certificate): void;
	readonly files: CertificateFiles;
	held: Certificate;
	stamp: string;
	lookedAt: number;
}

/** Connections at once, whether they have shown a token or not. */
const atOnce = 128;
/** An address that is not there yet (DHCP) may come; that of another program may become free. Milliseconds. */
const retryEachMs = 30_000;
/** A connection that is not through TLS by then is closed. Milliseconds. */
const tlsMs = 5_000;
/** The files are looked at for a change at most this often, when somebody connects. Milliseconds. */
const lookEveryMs = 1_000;
/** What was asked to close the door is answered before its connection ends. Milliseconds. */
const lastWordsMs = 500;
/** Who has gone without a word is noticed after this and ten seconds. Milliseconds. */
const keepAliveMs = 20_000;

export class NetworkDoor {
	readonly #options: NetworkDoorOptions;
	#open: Open | null = null;
	#problem: string | null = null;
	#retry: NodeJS.Timeout | undefined;
	readonly #crowd = new DoorCrowd<string>(() => performance.now());
	#work: Promise<void> = Promise.resolve();

	constructor(options: NetworkDoorOptions) {
		this.#options = options;
	}

	state(): DoorState {
		const open = this.#open;
		const held = open?.tls?.held;
		return {
			listensOn: open?.address ?? null,
			tls: open !== null && open.tls !== null,
			fingerprint: held?.fingerprint ?? null,
			validUntil: held === undefined ? null : new Date(held.validUntil).toISOString(),
			problem: this.#problem,
		};
	}

	/** Opens, closes or moves, as the wish is now. Never rejects: what fails is told by `state`. */
	follow(): Promise<void> {
		this.#work = this.#work.then(() => this.#adjust());
		return this.#work;
	}

	/** Reads the certificate again, as after it was renewed; connections that are open keep theirs. */
	reload(): void {
		const tls = this.#open?.tls;
		if (tls) this.#renew(tls, true);
	}

	async close(): Promise<void> {
		await this.#work;
		clearTimeout(this.#retry);
		await this.#shut(0);
	}

	async #adjust(): Promise<void> {
		const wish = this.#options.wish();
		const before = this.#problem;
		clearTimeout(this.#retry);
		try {
			if (wish === null || JSON.stringify(wish) !== JSON.stringify(this.#open?.wish)) {
				await this.#shut(lastWordsMs);
				this.#problem = null;
				if (wish !== null) this.#open = await this.#listen(wish);
			} else this.#problem = null;
		} catch (err) {
			this.#problem = err instanceof AppError ? [err.message, err.hint ?? ""].join(" ").trim() : String(err);
			this.#retry = setTimeout(() => void this.follow(), this.#options.retryMs ?? retryEachMs).unref();
			if (this.#problem === before) return;
			this.#options.log.error({ err, address: wish?.address }, "the door to the network cannot be opened");
		}
	}

	async #listen(wish: Listener): Promise<Open> {
		const address = placeOf(wish);
		const sockets = new Set<Socket>();
		const tls = isEncrypted(wish, address) ? await this.#prepareTls(wish) : null;
		const server = tls?.server ?? createServer();
		server.maxConnections = atOnce;
		// Before TLS takes the connection up: it is then done with the certificate that is in the files now.
		server.prependListener("connection", (socket: Socket) => {
			if (tls !== null) this.#renew(tls, false);
			this.#admit(socket, sockets);
		});
		server.on(tls === null ? "connection" : "secureConnection", (socket: Socket) => {
			if (socket.destroyed) return;
			const name = nameOf(socket);
			this.#options.onConnection(socket, socket.remoteAddress ?? "", () => this.#crowd.leave(name));
		});
		await listen(server, address, wish.address);
		server.on("error", (err) => this.#options.log.error({ err }, "the door to the network failed"));
		const taken = server.address();
		const port = typeof taken === "object" && taken !== null ? taken.port : address.port;
		const open = { server, wish, sockets, tls, address: writeListenAddress(address.host, port) };
		const fingerprint = tls?.held.fingerprint;
		this.#options.log.info({ address: open.address, tls: tls !== null, fingerprint }, "listening on the network");
		return open;
	}

	async #prepareTls({ certificate, key }: Listener): Promise<Tls> {
		const { home, now } = this.#options;
		const own = { certificate: home.networkCertificatePath, key: home.networkKeyPath };
		const files = certificate !== null && key !== null ? { certificate, key } : own;
		const held = files === own ? ownCertificate(own, now()) : readCertificate(files);
		// Only here: most daemons listen nowhere.
		const tls = await import("node:tls");
		const contextOf = ({ certificate: cert, key }: Certificate) => ({ cert, key, minVersion: "TLSv1.2" as const });
		const server = tls.createServer({ ...contextOf(held), handshakeTimeout: tlsMs });
		server.on("tlsClientError", (_err, socket) => socket.destroy());
		this.#warn(held);
		const use = (pair: Certificate) => {
			// Made by itself first, so that what is refused changes nothing.
			tls.createSecureContext(contextOf(pair));
			server.setSecureContext(contextOf(pair));
		};
		return { server, use, files, held, stamp: stampOf(files), lookedAt: now() };
	}

	/** Takes up what the files hold now, where that has changed; what cannot be used leaves the one before in force. */
	#renew(tls: Tls, isAsked: boolean): void {
		const { now, log } = this.#options;
		if (!isAsked && Math.abs(now() - tls.lookedAt) < lookEveryMs) return;
		tls.lookedAt = now();
		try {
			const stamp = stampOf(tls.files);
			if (stamp === tls.stamp) return;
			const held = readCertificate(tls.files);
			tls.use(held);
			tls.held = held;
			tls.stamp = stamp;
			this.#problem = null;
			this.#warn(held);
			log.info({ fingerprint: held.fingerprint }, "the certificate for the network was read again");
		} catch (err) {
			this.#problem = `The certificate was changed and cannot be used; the one before is in force. ${err instanceof Error ? err.message : err}`;
			log.error({ err }, "the certificate for the network cannot be read again");
		}
	}

	#warn({ validUntil }: Certificate): void {
		if (validUntil > this.#options.now()) return;
		this.#problem = `The certificate ran out on ${new Date(validUntil).toISOString().slice(0, 10)}.`;
	}

	#admit(socket: Socket, sockets: Set<Socket>): void {
		const name = nameOf(socket);
		const { remoteAddress } = socket;
		socket.on("error", () => socket.destroy());
		if (remoteAddress === undefined || !this.#crowd.enter(name, remoteAddress)) {
			socket.destroy();
			return;
		}
		sockets.add(socket);
		socket.once("close", () => {
			sockets.delete(socket);
			this.#crowd.leave(name);
		});
		socket.setNoDelay(true);
		socket.setKeepAlive(true, keepAliveMs);
	}

	async #shut(afterMs: number): Promise<void> {
		const open = this.#open;
		this.#open = null;
		if (open === null) return;
		const closed = new Promise<void>((resolve) => {
			open.server.close(() => resolve());
		});
		const end = () => {
			for (const socket of open.sockets) socket.destroy();
		};
		// Nobody new from now on; those that are in have a moment, and nobody waits for them.
		if (afterMs > 0) setTimeout(end, afterMs).unref();
		else {
			end();
			await closed;
		}
	}
}

/** Where that is. Throws `invalid` for what cannot be meant. */
export function placeOf({ address, certificate, key }: Listener): ListenAddress {
	if ((certificate === null) !== (key === null)) {
		throw new AppError("invalid", "A certificate needs its key, and a key its certificate.", {
			hint: "Name both files: --cert FILE --key FILE",
		});
	}
	return readListenAddress(address);
}

function isEncrypted({ tls, certificate }: Listener, { isLoopback }: ListenAddress): boolean {
	return tls || certificate !== null || !isLoopback;
}

/** The same for a connection and for what TLS makes of it. */
function nameOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
	return [remoteAddress, remotePort, localAddress, localPort].join(" ");
}

function listen(server: Server, { host, port }: ListenAddress, text: string): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once("error", (cause: NodeJS.ErrnoException) => {
			const why = { EADDRINUSE: "something else listens there", EADDRNOTAVAIL: "this machine has no such address" };
			const known = why[cause.code as keyof typeof why] ?? cause.message;
			reject(
				new AppError("unavailable", `The daemon cannot listen on ${text}: ${known}.`, {
					hint: "Choose another address or port: vedette access listen ADDRESS:PORT",
					cause,
				}),
			);
		});
		server.listen({ host, port, exclusive: true, ipv6Only: false, backlog: 64 }, () => {
			server.removeAllListeners("error");
			resolve();
		});
	});
}
