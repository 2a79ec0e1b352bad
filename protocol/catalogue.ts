/** The set of methods and streams as types and look-ups, derived from the areas. Nothing is declared here. */
import type {
	Method,
	MethodInput,
	MethodParams,
	MethodResult,
	Stream,
	StreamEvent,
	StreamInput,
	StreamParams,
	StreamSnapshot,
} from "./define.ts";
import { areas } from "./methods/index.ts";

type Areas = typeof areas;
type MemberOf<A> = A[keyof A];
type Members = { [K in keyof Areas]: MemberOf<Areas[K]> }[keyof Areas];
export type AnyMethod = Extract<Members, { kind: "method" }>;
export type AnyStream = Extract<Members, { kind: "stream" }>;

/** The methods of one area by their export name: what `daemon/rpc/handlers/<area>.ts` must implement. */
export type MethodsOf<A extends keyof Areas> = {
	[K in keyof Areas[A] as Areas[A][K] extends { kind: "method" } ? K : never]: Extract<Areas[A][K], Method>;
};
/** The streams of one area by their export name. */
export type StreamsOf<A extends keyof Areas> = {
	[K in keyof Areas[A] as Areas[A][K] extends { kind: "stream" } ? K : never]: Extract<Areas[A][K], Stream>;
};
export type AreaName = keyof Areas;

/** Every method, every stream. */
export const methods: readonly Method[] = Object.values(areas).flatMap((area) =>
	Object.values(area as Record<string, unknown>).filter((value): value is Method => isKind(value, "method")),
);
export const streams: readonly Stream[] = Object.values(areas).flatMap((area) =>
	Object.values(area as Record<string, unknown>).filter((value): value is Stream => isKind(value, "stream")),
);

function isKind(value: unknown, kind: "method" | "stream"): boolean {
	return typeof value === "object" && value !== null && (value as { kind?: unknown }).kind === kind;
}

export type {
	Method,
	MethodInput,
	MethodParams,
	MethodResult,
	Stream,
	StreamEvent,
	StreamInput,
	StreamParams,
	StreamSnapshot,
};
