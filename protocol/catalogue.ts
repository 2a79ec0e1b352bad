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

/** The methods of one area by their export name: what `daemon/rpc/handlers/<area>.ts` must implement. */
export type MethodsOf<A extends keyof Areas> = {
	[K in keyof Areas[A] as Areas[A][K] extends { kind: "method" } ? K : never]: Extract<Areas[A][K], Method>;
};
/** The streams of one area by their export name. */
export type StreamsOf<A extends keyof Areas> = {
	[K in keyof Areas[A] as Areas[A][K] extends { kind: "stream" } ? K : never]: Extract<Areas[A][K], Stream>;
};
export type AreaName = keyof Areas;

/** Every method and every stream, by area and name: loaders disagree on the order in which a module's exports are listed. */
export const methods: readonly Method[] = membersOf("method");
export const streams: readonly Stream[] = membersOf("stream");

function membersOf<T extends Method | Stream>(kind: T["kind"]): T[] {
	return Object.values(areas).flatMap((area) =>
		Object.values(area as Record<string, unknown>)
			.filter((value): value is T => isKind(value, kind))
			.sort((a, b) => (a.name < b.name ? -1 : 1)),
	);
}

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
