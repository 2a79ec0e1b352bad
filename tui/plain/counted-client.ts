/** A client that knows how many of its questions are not answered yet: as long as there are some, the screen is not what was asked for. */
import type { Client } from "../../protocol/client.ts";
import type { Method, MethodParams, MethodResult } from "../../protocol/define.ts";

export interface CountedClient {
	readonly client: Client;
	pending(): number;
}

export function countedClient(client: Client): CountedClient {
	let pending = 0;
	const call = async <M extends Method>(
		method: M,
		params: MethodParams<M>,
		options?: { signal?: AbortSignal },
	): Promise<MethodResult<M>> => {
		pending++;
		try {
			return await client.call(method, params, options);
		} finally {
			pending--;
		}
	};
	const counted = new Proxy(client, {
		get(target, name) {
			if (name === "call") return call;
			// Its fields are its own: nothing may be read by way of the proxy.
			const value: unknown = Reflect.get(target, name, target);
			return typeof value === "function" ? value.bind(target) : value;
		},
	});
	return { client: counted, pending: () => pending };
}
