/** What the daemon must provide for the protocol: a handler per method, a source per stream, typed from their values. */
import type { Logger } from "pino";
import type {
	AreaName,
	Method,
	MethodInput,
	MethodResult,
	MethodsOf,
	Stream,
	StreamEvent,
	StreamInput,
	StreamSnapshot,
	StreamsOf,
} from "../../protocol/catalogue.ts";
import type { Access } from "../../protocol/define.ts";
import type { ConnectionOf } from "./attendance.ts";

/** Who asks, and how to know that nobody waits any more. */
export interface CallContext {
	/** Identity taken from the connection, e.g. unix:1000. */
	readonly user: string;
	/** Of the process at the other end, whatever `user` is by a token; null: it is on the network, or nobody is connected. */
	readonly uid: number | null;
	readonly access: Access;
	/** Name and version the client gave in its greeting. */
	readonly client: string;
	/** The connection that asks; absent when nobody is connected. */
	readonly connection?: ConnectionOf;
	/** Aborts on `$/cancel` and when the connection ends. */
	readonly signal: AbortSignal;
	readonly log: Logger;
}

/** Params are validated and the access checked before. Raise AppError for what is expected to go wrong. */
export type Handler<M extends Method> = (
	params: MethodInput<M>,
	context: CallContext,
) => MethodResult<M> | Promise<MethodResult<M>>;

/** What `handlers/<area>.ts` exports: every method of the area; a missing one does not compile. */
export type AreaHandlers<A extends AreaName> = { readonly [K in keyof MethodsOf<A>]: Handler<MethodsOf<A>[K]> };

export interface OpenStream<S extends Stream> {
	readonly snapshot: StreamSnapshot<S>;
	/** Called once, when nobody listens any more. */
	close(): void;
}

/**
 * Opens one subscription. Begin to listen first and take the snapshot then: what is emitted from the first moment on is
 * kept and delivered after the snapshot, numbered. `emit` may be called until `close`; later calls are ignored.
 * Raise AppError, e.g. `not-found`, to refuse; `context.signal` aborts when the subscription ends.
 */
export type StreamSource<S extends Stream> = (
	params: StreamInput<S>,
	emit: (event: StreamEvent<S>) => void,
	context: CallContext,
) => OpenStream<S> | Promise<OpenStream<S>>;

export type AreaStreams<A extends AreaName> = { readonly [K in keyof StreamsOf<A>]: StreamSource<StreamsOf<A>[K]> };

/** All handlers. The greeting is the connection's own affair and is answered by the server. */
export type Handlers = {
	readonly [A in AreaName]: A extends "daemon" ? Omit<AreaHandlers<"daemon">, "hello"> : AreaHandlers<A>;
};

/** All stream sources, of the areas that have streams. */
export type Streams = {
	readonly [A in AreaName as keyof StreamsOf<A> extends never ? never : A]: AreaStreams<A>;
};
