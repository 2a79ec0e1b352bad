/**
 * One connection: frames in, answers and events out. Every bound of the wire is held here: depth, batch, open requests,
 * unsent bytes, time to the greeting. A bad message is answered or ends this connection, never anything else.
 */
import type { JSONRPCResponse } from "json-rpc-2.0";
import type { Logger } from "pino";
import type { RawData, WebSocket } from "ws";
import type { Access } from "../../protocol/define.ts";
import { AppError } from "../../protocol/errors.ts";
import { hello } from "../../protocol/methods/daemon.ts";
import type { Person } from "../../protocol/model/person.ts";
import { validate } from "../../protocol/validate.ts";
import { cannotSpeak, canSpeak } from "../../protocol/versions.ts";
import { cancelParams, control, protocolVersion, type WireLimits } from "../../protocol/wire.ts";
import type { ConnectionOf } from "./attendance.ts";
import type { Dispatcher } from "./dispatch.ts";
import { parseRequest, type Request, readMessages } from "./request.ts";
import { Subscriptions } from "./subscriptions.ts";

export interface SessionOptions {
	readonly socket: WebSocket;
	readonly user: string;
	/** Of the process at the other end; null: over the network. */
	readonly uid: number | null;
	/** What they may do now; null: nothing any more. */
	access(): Access | null;
	readonly people?: () => readonly Person[];
	/** Of this daemon's run, never given twice. */
	readonly id: number;
	/** Where it came from over the network; null: from this machine. */
	readonly address: string | null;
	readonly dispatcher: Dispatcher;
	readonly limits: WireLimits;
	readonly version: string;
	readonly capabilities: readonly string[];
	readonly log: Logger;
}

interface Greeted {
	readonly client: string;
	readonly readOnly: boolean;
	/** What the client was told it may do. */
	readonly told: Access;
}

/** Close codes of an application's own (RFC 6455, section 7.4.2). */
const accessChanged = 4_003;

export class Session {
	readonly #options: SessionOptions;
	readonly #open = new Map<string | symbol, AbortController>();
	readonly #subscriptions: Subscriptions;
	readonly #helloTimer: ReturnType<typeof setTimeout>;
	readonly #ending = new AbortController();
	readonly #connection: ConnectionOf;
	#greeted: Greeted | null = null;

	constructor(options: SessionOptions) {
		this.#options = options;
		const { socket, limits } = options;
		const { id, address } = options;
		this.#connection = { id, address, since: Date.now(), ended: this.#ending.signal };
		this.#subscriptions = new Subscriptions({
			dispatcher: options.dispatcher,
			limits,
			log: options.log,
			send: (method, params) => this.#send(JSON.stringify({ jsonrpc: "2.0", method, params })),
			unsentBytes: () => socket.bufferedAmount,
		});
		this.#helloTimer = setTimeout(() => socket.close(1008, "daemon.hello was not said in time"), limits.helloMs);
		socket.on("message", (data, isBinary) => this.#receive(data, isBinary));
		socket.on("error", (err) => options.log.debug({ err }, "a connection broke the protocol"));
		socket.on("close", () => this.#end());
	}

	get user(): string {
		return this.#options.user;
	}

	/** Ends a connection that may do something else now than its client was told: it asks again, and learns what. */
	reconsider(): void {
		const { socket, user, log } = this.#options;
		const access = this.#access();
		if (access !== null && (this.#greeted === null || this.#greeted.told === access)) return;
		log.info({ user, access }, "access has changed: a connection is closed");
		socket.close(accessChanged, access === null ? "your access was taken away" : "your access has changed");
		this.#end();
	}

	/** What the connection may do at this moment. */
	#access(): Access | null {
		const held = this.#options.access();
		return held !== null && this.#greeted?.readOnly === true ? "read" : held;
	}

	#end(): void {
		clearTimeout(this.#helloTimer);
		this.#ending.abort();
		for (const controller of this.#open.values()) controller.abort();
		this.#subscriptions.closeAll();
	}

	#receive(data: RawData, isBinary: boolean): void {
		const { socket, limits } = this.#options;
		// What was under way when this side closed.
		if (socket.readyState !== socket.OPEN) return;
		if (isBinary) {
			socket.close(1003, "JSON text only");
			return;
		}
		const read = readMessages(data.toString(), limits);
		if ("problem" in read) {
			this.#answer([errorResponse(null, read.code, read.problem)], false);
			return;
		}
		Promise.all(read.messages.map((message) => this.#handle(message))).then((responses) => {
			const present = responses.filter((response) => response !== null);
			if (present.length > 0) this.#answer(present, read.batch);
		});
	}

	/** Never rejects. */
	async #handle(message: unknown): Promise<JSONRPCResponse | null> {
		const request = parseRequest(message);
		if (request === null) return errorResponse(null, -32600, "The message is not a JSON-RPC 2.0 request.");
		if (request.method === control.cancel) {
			const target = cancelParams.safeParse(request.params);
			if (target.success) this.#open.get(keyOf(target.data.id))?.abort();
			return request.id === undefined ? null : result(request.id, {});
		}
		const key = request.id === undefined || request.id === null ? Symbol(request.method) : keyOf(request.id);
		if (this.#open.has(key)) return errorResponse(null, -32600, "A request with this id is still open.");
		if (this.#open.size >= this.#options.limits.openRequests) {
			const error = new AppError("busy", "Too many requests are open on this connection.", {
				hint: "Wait for answers before asking more.",
			});
			return this.#failure(request, error);
		}
		const controller = new AbortController();
		this.#open.set(key, controller);
		const work = this.#answerTo(request, controller.signal).finally(() => this.#open.delete(key));
		return await Promise.race([work, this.#whenAborted(request, controller.signal)]);
	}

	async #answerTo(request: Request, signal: AbortSignal): Promise<JSONRPCResponse | null> {
		try {
			if (request.method === hello.name) return result(request.id, this.#greet(request.params));
			if (this.#greeted === null) {
				throw new AppError("conflict", `The first call of a connection must be ${hello.name}.`, {
					hint: `Call ${hello.name} with {"protocol": "${protocolVersion}", "client": "name version"}.`,
				});
			}
			const access = this.#access();
			if (access === null) throw new AppError("forbidden", "Your access to this daemon was taken away.");
			const { user, uid, log } = this.#options;
			const { client } = this.#greeted;
			const context = { user, uid, access, client, connection: this.#connection, signal, log };
			if (request.method === control.ping) return result(request.id, {});
			if (request.method === control.unsubscribe) return result(request.id, this.#subscriptions.close(request.params));
			if (request.method === control.subscribe) {
				return result(request.id, await this.#subscriptions.open(request.params, context));
			}
			return await this.#options.dispatcher.call(request, context);
		} catch (err) {
			return this.#failure(request, err);
		}
	}

	/** A cancelled request is answered at once; it counts as open until its handler has noticed. */
	#whenAborted(request: Request, signal: AbortSignal): Promise<JSONRPCResponse | null> {
		return new Promise((resolve) => {
			signal.addEventListener(
				"abort",
				() => resolve(this.#failure(request, new AppError("cancelled", `${request.method} was cancelled.`))),
				{ once: true },
			);
		});
	}

	#greet(params: unknown): unknown {
		if (this.#greeted !== null) throw new AppError("conflict", `${hello.name} has already been said.`);
		const greeting = validate(hello.params, params ?? {}, `What ${hello.name} was given`);
		const { version, capabilities, user, log } = this.#options;
		if (!canSpeak(greeting.protocol, protocolVersion)) {
			const client = { program: greeting.client, protocol: greeting.protocol };
			throw cannotSpeak({ program: version, protocol: protocolVersion }, client);
		}
		const held = this.#options.access();
		if (held === null) throw new AppError("forbidden", "Your access to this daemon was taken away.");
		clearTimeout(this.#helloTimer);
		const access = greeting.readOnly ? "read" : held;
		this.#greeted = { client: greeting.client, readOnly: greeting.readOnly, told: access };
		log.info({ client: greeting.client, user, access }, "a client has connected");
		const people = this.#options.people?.() ?? [];
		return { version, protocol: protocolVersion, access, user, people: [...people], capabilities: [...capabilities] };
	}

	#failure(request: Request, err: unknown): JSONRPCResponse | null {
		const about = { method: request.method, user: this.#options.user };
		const response = this.#options.dispatcher.failure(request.id ?? null, err, about);
		return request.id === undefined ? null : response;
	}

	#answer(responses: readonly JSONRPCResponse[], batch: boolean): void {
		const { answerBytes } = this.#options.limits;
		const texts: string[] = [];
		let bytes = 0;
		for (const response of responses) {
			let text = this.#write(response);
			if (bytes + Buffer.byteLength(text) > answerBytes) {
				const error = new AppError("too-large", "The answer is larger than one message may be.", {
					hint: "Ask for less at once, for example with a smaller limit.",
				});
				text = JSON.stringify(this.#options.dispatcher.failure(response.id, error, { method: "" }));
			}
			bytes += Buffer.byteLength(text);
			texts.push(text);
		}
		this.#send(batch ? `[${texts.join(",")}]` : (texts[0] ?? ""));
	}

	/** As text; what cannot be written as JSON (a bug in a handler, an answer beyond all bounds) is a failure like others. */
	#write(response: JSONRPCResponse): string {
		try {
			return JSON.stringify(response);
		} catch (err) {
			return JSON.stringify(this.#options.dispatcher.failure(response.id, err, { method: "Answering" }));
		}
	}

	/** While the other end does not read, nothing more is read from it either; far beyond that it is let go. */
	#send(text: string): void {
		const { socket, limits, log } = this.#options;
		if (socket.readyState !== socket.OPEN) return;
		socket.send(text, () => {
			if (socket.isPaused && socket.bufferedAmount <= limits.queueBytes) socket.resume();
		});
		if (socket.bufferedAmount > limits.queueBytes) socket.pause();
		if (socket.bufferedAmount > limits.queueBytes + limits.answerBytes) {
			log.warn({ user: this.#options.user }, "a client does not read its answers and was disconnected");
			socket.terminate();
		}
	}
}

function keyOf(id: string | number): string {
	return `${typeof id}:${id}`;
}

function result(id: Request["id"], value: unknown): JSONRPCResponse | null {
	return id === undefined ? null : { jsonrpc: "2.0", id, result: value };
}

function errorResponse(id: string | number | null, code: number, message: string): JSONRPCResponse {
	return { jsonrpc: "2.0", id, error: { code, message, data: { code: "invalid" } } };
}
