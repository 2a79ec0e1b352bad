/**
 * What both ends must agree on below the methods: version, limits, and the `$/` messages that carry subscriptions.
 * JSON-RPC 2.0 text frames over one WebSocket; a frame is one message or one batch.
 */
import { z } from "zod";

/** Raised when a change would mislead an older peer. `daemon.hello` refuses a different major. */
export const protocolVersion = "1.0";

export const wireLimits = {
	/** Largest frame the daemon accepts. Bytes. */
	frameBytes: 1024 * 1024,
	/** Largest frame a client accepts: a page of a thousand rows with their texts. A larger answer is `too-large`. Bytes. */
	answerBytes: 16 * 1024 * 1024,
	/** Deepest nesting of objects and arrays in a frame; checked before anything walks the value. */
	depth: 64,
	/** Requests one connection may have open at once; one more is answered `busy`. */
	openRequests: 64,
	/** Subscriptions one connection may hold at once; one more is answered `busy`. */
	subscriptions: 64,
	/** Messages in one JSON-RPC batch. */
	batch: 64,
	/** A subscription whose unsent bytes pass this is dropped with `$/lost`; the client subscribes again. Bytes. */
	queueBytes: 4 * 1024 * 1024,
	/** Connections at once. */
	connections: 64,
	/** A connection that has not said `daemon.hello` within this is closed. Milliseconds. */
	helloMs: 5_000,
} as const;
export type WireLimits = { readonly [K in keyof typeof wireLimits]: number };

/** Where the WebSocket lives, and the names a client may call the daemon by in `Host`. */
export const rpcPath = "/rpc";
export const rpcHosts = ["vedette.local", "localhost"] as const;
/** Where a daemon listens on the network when it was told to and no port was named. */
export const networkPort = 7_443;

/** `$/subscribe`: params of the request. The answer is `subscribed`. */
export const subscribeParams = z.object({ stream: z.string(), params: z.record(z.string(), z.unknown()).default({}) });
export const subscribed = z.object({
	subscription: z.int().positive(),
	/** The snapshot holds everything up to and including this number. */
	sequence: z.int().nonnegative(),
	snapshot: z.unknown(),
});
export const unsubscribeParams = z.object({ subscription: z.int().positive() });

/** `$/event`, daemon to client: the next event of a subscription. A sequence that is not the last + 1 is a gap. */
export const eventParams = z.object({
	subscription: z.int().positive(),
	sequence: z.int().positive(),
	event: z.unknown(),
});
/** `$/lost`, daemon to client: the subscription has ended because the reader was too slow; subscribe again. */
export const lostParams = z.object({ subscription: z.int().positive(), reason: z.enum(["slow", "closed"]) });

/** `$/cancel`, client to daemon: a request of this connection is no longer wanted; it is answered `cancelled`. */
export const cancelParams = z.object({ id: z.union([z.string(), z.number()]) });

export const control = {
	subscribe: "$/subscribe",
	unsubscribe: "$/unsubscribe",
	event: "$/event",
	lost: "$/lost",
	ping: "$/ping",
	cancel: "$/cancel",
} as const;

/** Answers the OpenRPC document. The name is given by the OpenRPC specification, section "Service Discovery Method". */
export const discoverMethod = "rpc.discover";

/**
 * True when JSON text nests deeper than `limit`, found by counting brackets outside strings: nothing is parsed, because
 * JSON.parse accepts a depth that every walk over its result then overflows on.
 */
export function isDeeperThan(text: string, limit: number): boolean {
	let depth = 0;
	let inString = false;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (inString) {
			if (code === 0x5c) index++;
			else if (code === 0x22) inString = false;
		} else if (code === 0x22) inString = true;
		else if (code === 0x5b || code === 0x7b) {
			if (++depth > limit) return true;
		} else if (code === 0x5d || code === 0x7d) depth--;
	}
	return false;
}
