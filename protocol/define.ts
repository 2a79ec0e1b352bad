/**
 * How a method, a stream and an area are declared. One value carries everything that is known of a method: the client,
 * both validations, the permission check, the OpenRPC document and the reference page derive from it.
 */
import type { z } from "zod";
import type { ErrorCode } from "./errors.ts";

/** What a caller may do, in rising order: each level includes those before it. */
export const accessLevels = ["read", "operate", "approve", "admin"] as const;
export type Access = (typeof accessLevels)[number];

export function lowerAccess(a: Access, b: Access): Access {
	return accessLevels.indexOf(a) < accessLevels.indexOf(b) ? a : b;
}

/** Actions that stand in the audit log, or why there are none: a clause. */
export type Logged = readonly string[] | { readonly unlogged: string };

export const changesNothing: Logged = { unlogged: "it changes nothing" };

export interface Method<Params extends z.ZodObject = z.ZodObject, Result extends z.ZodType = z.ZodType> {
	readonly kind: "method";
	/** `area.verb`, camelCase verb. */
	readonly name: string;
	readonly summary: string;
	/** The contract in a paragraph: effect, order, limits. */
	readonly description: string;
	readonly params: Params;
	readonly result: Result;
	/** Error codes beyond `invalid`, `forbidden` and `internal`, which any method may answer. */
	readonly errors: readonly ErrorCode[];
	readonly access: Access;
	/** What it leaves in the audit log; undefined for one that only reads. Further actions end in -begun, -failed or -refused. */
	readonly audit: Logged | undefined;
	/** The client gives up after this long. Milliseconds. */
	readonly timeoutMs: number;
}

export interface Stream<
	Params extends z.ZodObject = z.ZodObject,
	Snapshot extends z.ZodType = z.ZodType,
	Event extends z.ZodType = z.ZodType,
> {
	readonly kind: "stream";
	readonly name: string;
	readonly summary: string;
	readonly description: string;
	readonly params: Params;
	/** The whole state at sequence n, sent as the answer to `$/subscribe`. */
	readonly snapshot: Snapshot;
	/** One of a union with a `kind`; numbered n+1, n+2, … without a gap. */
	readonly event: Event;
	readonly errors: readonly ErrorCode[];
	readonly access: Access;
}

export type MethodParams<M extends Method> = z.input<M["params"]>;
/** Params after validation: defaults filled in. What a handler receives. */
export type MethodInput<M extends Method> = z.output<M["params"]>;
export type MethodResult<M extends Method> = z.output<M["result"]>;
export type StreamParams<S extends Stream> = z.input<S["params"]>;
export type StreamInput<S extends Stream> = z.output<S["params"]>;
export type StreamSnapshot<S extends Stream> = z.output<S["snapshot"]>;
export type StreamEvent<S extends Stream> = z.output<S["event"]>;

type MethodSpec<P extends z.ZodObject, R extends z.ZodType> = Omit<
	Method<P, R>,
	"kind" | "timeoutMs" | "errors" | "access" | "audit"
> & {
	timeoutMs?: number;
	errors?: readonly ErrorCode[];
} & ({ access: "read"; audit?: never } | { access: Exclude<Access, "read">; audit: Logged });

export function defineMethod<P extends z.ZodObject, R extends z.ZodType>(spec: MethodSpec<P, R>): Method<P, R> {
	return { kind: "method", timeoutMs: 10_000, errors: [], audit: undefined, ...spec };
}

export function defineStream<P extends z.ZodObject, S extends z.ZodType, E extends z.ZodType>(
	spec: Omit<Stream<P, S, E>, "kind" | "errors"> & { errors?: readonly ErrorCode[] },
): Stream<P, S, E> {
	return { kind: "stream", errors: [], ...spec };
}

/** True when a caller holding `held` may call something that asks for `needed`. */
export function mayAccess(held: Access, needed: Access): boolean {
	return accessLevels.indexOf(held) >= accessLevels.indexOf(needed);
}
