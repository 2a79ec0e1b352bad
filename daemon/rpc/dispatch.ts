/**
 * From a JSON-RPC request to its handler and back: params checked, access checked, errors made safe to send. Knows
 * nothing of sockets.
 */
import { randomUUID } from "node:crypto";
import { createJSONRPCErrorResponse, type JSONRPCResponse, JSONRPCServer } from "json-rpc-2.0";
import type { Logger } from "pino";
import type { Method, Stream } from "../../protocol/catalogue.ts";
import { mayAccess } from "../../protocol/define.ts";
import { AppError } from "../../protocol/errors.ts";
import { areas } from "../../protocol/methods/index.ts";
import { toRpcError } from "../../protocol/rpc-error.ts";
import { validate } from "../../protocol/validate.ts";
import { discoverMethod } from "../../protocol/wire.ts";
import type { CallContext, Handlers, OpenStream, Streams } from "./handler.ts";

type AnyHandler = (params: unknown, context: CallContext) => unknown;
type AnySource = (
	params: unknown,
	emit: (event: unknown) => void,
	context: CallContext,
) => OpenStream<Stream> | Promise<OpenStream<Stream>>;

export interface DispatchOptions {
	readonly handlers: Handlers;
	readonly streams: Streams;
	/** Our version, for the OpenRPC document. */
	readonly version: string;
	/** Check results and events against their schemas too; in development and tests. */
	readonly strict: boolean;
	readonly log: Logger;
	/** Called for a call that is refused because the caller lacks the access. */
	readonly onRefused?: ((context: CallContext, name: string) => void) | undefined;
}

export interface Dispatcher {
	/** Never rejects; null for a notification. Methods of the connection itself must have been dealt with before. */
	call(
		request: { method: string; id?: string | number | null; params?: unknown },
		context: CallContext,
	): Promise<JSONRPCResponse | null>;
	/** Opens a stream for `$/subscribe`; raises AppError. Events and snapshot are as the source made them. */
	open(
		name: string,
		params: unknown,
		emit: (event: unknown) => void,
		context: CallContext,
	): Promise<OpenStream<Stream>>;
	/** The error response for anything that was thrown; what is not an AppError is logged and told as `internal`. */
	failure(id: string | number | null, err: unknown, about: { method: string; user?: string }): JSONRPCResponse;
}

export function createDispatcher(options: DispatchOptions): Dispatcher {
	const { log, strict } = options;
	const sources = new Map<string, { stream: Stream; source: AnySource }>();
	const rpc = new JSONRPCServer<CallContext>({ errorListener: () => undefined });
	const failure: Dispatcher["failure"] = (id, err, about) => {
		const error = toSafeError(err, about, log);
		return createJSONRPCErrorResponse(id, error.code, error.message, error.data);
	};

	rpc.applyMiddleware(async (next, request, context) => {
		try {
			return await next(request, context);
		} catch (err) {
			const response = failure(request.id ?? null, err, { method: request.method, user: context.user });
			return request.id === undefined ? null : response;
		}
	});
	rpc.addMethod(discoverMethod, async () => {
		const { openRpcDocument } = await import("../../protocol/openrpc.ts");
		return openRpcDocument(options.version);
	});
	for (const { declared, implementation } of declarations(options)) {
		if (declared.kind === "stream") {
			sources.set(declared.name, { stream: declared, source: implementation as AnySource });
		} else rpc.addMethod(declared.name, methodCall(declared, implementation as AnyHandler, options));
	}

	return {
		failure,
		async call(request, context) {
			if (!rpc.hasMethod(request.method)) {
				const unknown = createJSONRPCErrorResponse(
					request.id ?? null,
					-32601,
					`There is no method ${JSON.stringify(request.method.slice(0, 100))}.`,
					{ code: "invalid", hint: "rpc.discover lists the methods." },
				);
				return request.id === undefined ? null : unknown;
			}
			return rpc.receive({ jsonrpc: "2.0", ...request }, context);
		},
		async open(name, params, emit, context) {
			const found = sources.get(name);
			if (!found) throw new AppError("invalid", `There is no stream ${JSON.stringify(name.slice(0, 100))}.`);
			const { stream, source } = found;
			requireAccess(context, stream, options);
			const opened = await source(checkParams(stream, params), emit, context);
			try {
				if (strict) validate(stream.snapshot, opened.snapshot, `The snapshot of ${stream.name}`, "internal");
			} catch (err) {
				opened.close();
				throw err;
			}
			return opened;
		},
	};
}

function methodCall(method: Method, handler: AnyHandler, options: DispatchOptions) {
	return async (params: unknown, context: CallContext) => {
		requireAccess(context, method, options);
		const result = await handler(checkParams(method, params), context);
		if (!options.strict) return result;
		return validate(method.result, result, `The result of ${method.name}`, "internal");
	};
}

/** A parameter that does not exist is a typing mistake that would otherwise do something else than was meant. */
function checkParams(declared: Method | Stream, params: unknown): unknown {
	const given = params ?? {};
	if (typeof given === "object" && !Array.isArray(given)) {
		const known = Object.keys(declared.params.shape);
		const stray = Object.keys(given).find((key) => !known.includes(key));
		if (stray !== undefined) {
			throw new AppError("invalid", `${declared.name} has no parameter ${JSON.stringify(stray.slice(0, 100))}.`, {
				hint: known.length > 0 ? `It takes: ${known.join(", ")}.` : "It takes none.",
				details: { parameter: stray.slice(0, 100) },
			});
		}
	}
	return validate(declared.params, given, `What ${declared.name} was given`);
}

function requireAccess(context: CallContext, { access, name }: Method | Stream, options: DispatchOptions): void {
	if (mayAccess(context.access, access)) return;
	options.onRefused?.(context, name);
	throw new AppError("forbidden", `${name} needs ${access} access; this connection has ${context.access}.`, {
		hint: "Connect without --read-only, or ask an admin for more: vedette access",
	});
}

function* declarations(options: DispatchOptions) {
	for (const [area, members] of Object.entries(areas)) {
		for (const [key, declared] of Object.entries(members as Record<string, unknown>)) {
			if (!isDeclared(declared)) continue;
			const side = declared.kind === "stream" ? options.streams : options.handlers;
			const implementation = (side as Record<string, Record<string, unknown> | undefined>)[area]?.[key];
			if (typeof implementation === "function") yield { declared, implementation };
		}
	}
}

function isDeclared(value: unknown): value is Method | Stream {
	const kind = typeof value === "object" && value !== null ? (value as { kind?: unknown }).kind : undefined;
	return kind === "method" || kind === "stream";
}

function toSafeError(err: unknown, about: { method: string; user?: string }, log: Logger) {
	if (err instanceof AppError && err.code !== "internal") return toRpcError(err);
	const incident = randomUUID();
	log.error({ err, incident, ...about }, "a request failed for a reason nobody foresaw");
	return toRpcError(
		new AppError("internal", `${about.method.slice(0, 100)} failed inside the daemon.`, {
			hint: `The daemon's log has the details under ${incident}.`,
		}),
		incident,
	);
}
