/** Tells whoever sits here what others do to requests: what waits for them to decide, and what became of what they asked for. */
import type { Client } from "../../protocol/client.ts";
import { mayAccess, type StreamEvent } from "../../protocol/define.ts";
import { watch } from "../../protocol/methods/exceptions.ts";
import type { ToastKind } from "../screens/view.ts";

type Notice = Extract<StreamEvent<typeof watch>, { kind: "notice" }>;

/** Returns the way to stop. */
export function watchNotices(client: Client, say: (kind: ToastKind, text: string) => void): () => void {
	const subscription = client.subscribe(
		watch,
		{},
		{
			onSnapshot: () => undefined,
			onEvent(event) {
				if (event.kind !== "notice") return;
				const told = noticeWords(event, client.hello.user, mayAccess(client.hello.access, "approve"));
				if (told) say(...told);
			},
		},
	);
	subscription.ready.catch(() => undefined);
	return () => subscription.close();
}

/** Null for what does not concern them, and for what they did themselves. */
export function noticeWords(
	{ what, who, requester, exception, text }: Notice,
	user: string,
	mayDecide: boolean,
): [ToastKind, string] | null {
	if (who === user) return null;
	const isMine = requester === user;
	switch (what) {
		case "requested":
			return mayDecide ? ["info", `${who} asks for an exception: ${text} (request ${exception}, g R)`] : null;
		case "approved":
		case "rejected":
		case "revoked": {
			const kind = what === "approved" ? "good" : "bad";
			return isMine ? [kind, `Your request ${exception} was ${what} by ${who}: ${text}`] : null;
		}
		case "warned":
			return isMine || mayDecide ? ["info", `Request ${exception} ${text}`] : null;
		case "expired":
			return isMine || mayDecide
				? ["info", `Request ${exception} has expired; the next scan counts it: ${text}`]
				: null;
		case "evidence":
			return isMine ? ["info", `${who} attached to request ${exception}: ${text}`] : null;
		case "comment":
			return isMine || mayDecide ? ["info", `${who} on request ${exception}: ${text}`] : null;
		default:
			return null;
	}
}
