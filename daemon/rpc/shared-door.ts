/**
 * The second socket, for those who were granted access and are neither root nor the daemon's own user. It exists only
 * while there is somebody for it, reachable as narrowly as modes can say; who is let in is the gatekeeper's word in any case.
 */
import { chmodSync, chownSync, lstatSync, mkdirSync, rmdirSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import type { Logger } from "pino";
import type { SharedDoor as DoorState } from "../../protocol/model/operator.ts";
import type { Audience } from "../operators/operators.ts";
import { loadLibc } from "../packets/libc.ts";
import { listenOn } from "./unix-socket.ts";

const connectionsAtOnce = 128;

export interface SharedDoorOptions {
	readonly path: string;
	readonly log: Logger;
	/** Who it must be reachable for now. */
	audience(): Audience;
	/** Takes a connection; who is there must be found out from the socket. */
	onConnection(socket: Socket): void;
}

export class SharedDoor {
	readonly #options: SharedDoorOptions;
	#server: Server | null = null;
	#opensTo: DoorState["opensTo"] = "nobody";
	#problem: string | null = null;
	#work: Promise<void> = Promise.resolve();

	constructor(options: SharedDoorOptions) {
		this.#options = options;
	}

	state(): DoorState {
		return { path: this.#options.path, opensTo: this.#opensTo, problem: this.#problem };
	}

	/** Opens, closes or changes the modes, as the audience is now. Never rejects: what fails is told by `state`. */
	follow(): Promise<void> {
		this.#work = this.#work.then(() => this.#adjust());
		return this.#work;
	}

	async close(): Promise<void> {
		await this.#work;
		await this.#shut();
	}

	async #adjust(): Promise<void> {
		const audience = this.#options.audience();
		this.#problem = null;
		try {
			if (audience.kind === "nobody") await this.#shut();
			else await this.#open(audience);
		} catch (err) {
			await this.#shut();
			this.#problem = err instanceof Error ? err.message : String(err);
			this.#options.log.error({ err, path: this.#options.path }, "the socket for other operators cannot be opened");
		}
	}

	async #open(audience: Audience): Promise<void> {
		const { libc, reason } = loadLibc();
		// Elsewhere the modes let only the owner through; here the kernel's word is all there is.
		if (libc === null) throw new Error(`the kernel cannot be asked who connects: ${reason}`);
		const { path } = this.#options;
		const folder = dirname(path);
		if (this.#server === null) {
			makeFolder(folder);
			const server = createServer((socket) => this.#options.onConnection(socket));
			server.maxConnections = connectionsAtOnce;
			await listenOn(server, path);
			server.on("error", (err) => this.#options.log.error({ err }, "the socket for other operators failed"));
			this.#server = server;
		}
		const gid = audience.kind === "group" && mayGive(folder, audience.gid) ? audience.gid : null;
		if (gid !== null) chownSync(path, -1, gid);
		chmodSync(path, gid === null ? 0o666 : 0o660);
		chmodSync(folder, gid === null ? 0o711 : 0o710);
		this.#opensTo = gid === null ? "everybody" : "group";
		this.#options.log.info({ path, opensTo: this.#opensTo }, "listening for other operators");
	}

	/** Connections that came through it go on. */
	async #shut(): Promise<void> {
		const server = this.#server;
		this.#server = null;
		this.#opensTo = "nobody";
		if (server === null) return;
		// Not waited for: it ends when the last connection does.
		server.close();
		rmSync(this.#options.path, { force: true });
		try {
			rmdirSync(dirname(this.#options.path));
		} catch {
			// A folder that an administrator made, or with something in it, stays.
		}
	}
}

/** In a folder that everybody may write to (/tmp) somebody else may have been there first. Throws when it is not ours. */
function makeFolder(folder: string): void {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const { uid, mode } = lstatSync(folder);
	if (!lstatSync(folder).isDirectory() || uid !== process.geteuid?.()) {
		throw new Error(`${folder} is not a folder of the daemon's own user`);
	}
	if ((mode & 0o022) !== 0) throw new Error(`other users may write to ${folder}`);
}

/** Only root may give a folder to a group it is not in itself. */
function mayGive(folder: string, gid: number): boolean {
	try {
		chownSync(folder, -1, gid);
		return true;
	} catch {
		return false;
	}
}
