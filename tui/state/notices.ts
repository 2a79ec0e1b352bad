/**
 * Tells whoever sits here what others do: of requests, what waits for them to decide and what became of what they asked for; and
 * of scanners' files, that one is being taken in and what came of it.
 */
import type { Client } from "../../protocol/client.ts";
import { mayAccess, type StreamEvent } from "../../protocol/define.ts";
import { list, watch } from "../../protocol/methods/exceptions.ts";
import * as imports from "../../protocol/methods/imports.ts";
import { exceptionLimits } from "../../protocol/model/exception.ts";
import { keyOf } from "../keys/find-binding.ts";
import type { ToastKind } from "../screens/view.ts";
import { askedBy, endingSoon } from "../text/exception-words.ts";
import { plural } from "../text/format.ts";
import { personName } from "../text/people.ts";

type Notice = Extract<StreamEvent<typeof watch>, { kind: "notice" }>;

/** Returns the way to stop. */
export function watchNotices(client: Client, say: (kind: ToastKind, text: string) => void): () => void {
	let known = 0;
	const requests = client.subscribe(
		watch,
		{},
		{
			// The day they are warned of comes once, and then a console may not have been there.
			onSnapshot({ ending }) {
				if (ending > known) tellEnding(client, ending, say);
				known = ending;
			},
			onEvent(event) {
				if (event.kind === "changed") known = event.ending;
				if (event.kind !== "notice") return;
				const told = noticeWords(event, client.hello.user, mayAccess(client.hello.access, "approve"));
				if (told) say(...told);
			},
		},
	);
	const files = client.subscribe(
		imports.watch,
		{},
		{
			onSnapshot: () => undefined,
			// Also one's own: it was begun on a command line, and what came of it is to be seen here.
			onEvent: ({ state, text }) => say(state === "begun" ? "info" : state === "ended" ? "good" : "bad", text),
		},
	);
	for (const { ready } of [requests, files]) ready.catch(() => undefined);
	return () => {
		requests.close();
		files.close();
	};
}

/** To whoever may decide of all approvals that end soon, to others of their own. */
function tellEnding(client: Client, all: number, say: (kind: ToastKind, text: string) => void): void {
	const tell = (ending: number) => {
		const words = plural(ending, "approval ends", "approvals end");
		if (ending > 0)
			say("info", `${words} within ${exceptionLimits.warnDays} days (${keyOf("everywhere", "requests")}).`);
	};
	const asking = mayAccess(client.hello.access, "approve")
		? Promise.resolve({ total: all })
		: client.call(list, { filter: `${askedBy(client.hello.user)} and ${endingSoon}`, limit: 1 });
	asking.then(
		({ total }) => tell(total),
		() => undefined,
	);
}

/** Null for what does not concern them, and for what they did themselves. */
export function noticeWords(
	{ what, who: identity, requester, exception, text }: Notice,
	user: string,
	mayDecide: boolean,
): [ToastKind, string] | null {
	const [who, me] = [personName(identity), personName(user)];
	if (who === me) return null;
	const isMine = personName(requester) === me;
	switch (what) {
		case "requested":
			return mayDecide
				? ["info", `${who} asks for an exception: ${text} (request ${exception}, ${keyOf("everywhere", "requests")})`]
				: null;
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
