/** From a frame's text to JSON-RPC 2.0 requests (specification sections 4 and 6), with bounds. Never throws. */
import { z } from "zod";
import { isDeeperThan, type WireLimits } from "../../protocol/wire.ts";

export type Messages =
	| { readonly messages: readonly unknown[]; readonly batch: boolean }
	| { readonly code: -32700 | -32600; readonly problem: string };

/** The messages of one frame, not yet checked one by one. */
export function readMessages(text: string, limits: WireLimits): Messages {
	if (isDeeperThan(text, limits.depth)) {
		return { code: -32700, problem: `The message nests deeper than ${limits.depth}.` };
	}
	let message: unknown;
	try {
		message = JSON.parse(text);
	} catch {
		return { code: -32700, problem: "The message is not JSON." };
	}
	if (!Array.isArray(message)) return { messages: [message], batch: false };
	if (message.length === 0) return { code: -32600, problem: "The batch is empty." };
	if (message.length > limits.batch) {
		return { code: -32600, problem: `A batch holds at most ${limits.batch} messages.` };
	}
	return { messages: message, batch: true };
}

const request = z.object({
	jsonrpc: z.literal("2.0"),
	method: z.string().min(1).max(200),
	/** Absent: a notification, which is never answered. */
	id: z.union([z.string().max(200), z.number(), z.null()]).optional(),
	params: z.unknown().optional(),
});

export interface Request {
	method: string;
	id?: string | number | null;
	params?: unknown;
}

/** Null for anything that is not a request. */
export function parseRequest(message: unknown): Request | null {
	const parsed = request.safeParse(message);
	if (!parsed.success) return null;
	const { method, id, params } = parsed.data;
	return { method, ...(id === undefined ? {} : { id }), ...(params === undefined ? {} : { params }) };
}
