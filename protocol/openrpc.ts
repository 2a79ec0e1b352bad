/** The protocol as an OpenRPC 1.3 document, made from the method values: what `rpc.discover` answers. */
import { z } from "zod";
import { type Method, methods, type Stream, streams } from "./catalogue.ts";
import type { ErrorCode } from "./errors.ts";
import { errorMeanings, rpcNumberOf } from "./errors.ts";
import { control, discoverMethod, eventParams, lostParams, subscribed, subscribeParams, wireLimits } from "./wire.ts";

type Json = Record<string, unknown>;

/** Errors any method may answer. */
export const commonErrors: readonly ErrorCode[] = ["invalid", "forbidden", "busy", "cancelled", "internal"];

/** `version` is Vedette's. Streams are not in OpenRPC; they are described under `x-streams`. */
export function openRpcDocument(version: string): Json {
	return {
		openrpc: "1.3.2",
		info: {
			title: "Vedette",
			version,
			description:
				"JSON-RPC 2.0 over WebSocket on the daemon's unix socket, path /rpc. The first call is daemon.hello. Params are always one object.",
			license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
		},
		methods: [...methods.map(describeMethod), discovery],
		"x-streams": {
			description: `${control.subscribe} {stream, params} answers a subscription number and a snapshot with a sequence number; ${control.event} notifications follow, numbered on without a gap; ${control.lost} ends one that was read too slowly; ${control.unsubscribe} ends it on request.`,
			subscribe: toSchema(subscribeParams, "input"),
			subscribed: toSchema(subscribed, "output"),
			event: toSchema(eventParams, "output"),
			lost: toSchema(lostParams, "output"),
			streams: streams.map(describeStream),
		},
		"x-limits": wireLimits,
	};
}

function describeMethod(method: Method): Json {
	return {
		name: method.name,
		summary: method.summary,
		description: method.description,
		paramStructure: "by-name",
		params: describeParams(method.params),
		result: { name: `${method.name}.result`, schema: toSchema(method.result, "output") },
		errors: describeErrors([...commonErrors, ...method.errors]),
		tags: [{ name: method.name.split(".")[0] ?? "" }],
		"x-access": method.access,
		"x-timeout-ms": method.timeoutMs,
	};
}

function describeStream(stream: Stream): Json {
	return {
		name: stream.name,
		summary: stream.summary,
		description: stream.description,
		params: describeParams(stream.params),
		snapshot: toSchema(stream.snapshot, "output"),
		event: toSchema(stream.event, "output"),
		errors: describeErrors([...commonErrors, ...stream.errors]),
		access: stream.access,
	};
}

const discovery: Json = {
	name: discoverMethod,
	summary: "This document",
	description: "Describes every method as OpenRPC does, and the streams.",
	paramStructure: "by-name",
	params: [],
	result: { name: `${discoverMethod}.result`, schema: { type: "object" } },
	"x-access": "read",
};

/** One content descriptor per member of the params object; required ones come first, as OpenRPC demands. */
export function describeParams(params: z.ZodObject): Json[] {
	const { properties = {}, required = [] } = toSchema(params, "input") as {
		properties?: Record<string, Json>;
		required?: string[];
	};
	return Object.entries(properties)
		.map(([name, schema]) => ({ name, required: required.includes(name), schema }))
		.sort((a, b) => Number(b.required) - Number(a.required));
}

function describeErrors(codes: readonly ErrorCode[]): Json[] {
	return [...new Set(codes)].map((code) => ({
		code: rpcNumberOf(code),
		message: errorMeanings[code],
		data: { code },
	}));
}

function toSchema(schema: z.ZodType, io: "input" | "output"): Json {
	const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, target: "draft-7", reused: "inline" });
	return rest;
}
