/** Which back end a connect engine gets, and the sentence that says why. Decided alike before the thread starts and in it. */
import type { Connector } from "./connector.ts";
import type { loadLibc } from "./libc.ts";
import type { BackEnd } from "./messages.ts";

export function describeBackEnd(
	asked: BackEnd,
	{ libc, reason }: ReturnType<typeof loadLibc>,
): { name: Connector["name"]; reason: string } {
	if (asked === "node") return { name: "connect-node", reason: "The node:net engine was asked for." };
	if (libc === null) return { name: "connect-node", reason: `Ports are asked through node:net: ${reason}.` };
	return { name: "connect-epoll", reason: "Ports are asked with non-blocking connects; no privilege is needed." };
}
