import { expect, test } from "vitest";
import { skippedWords } from "./skipped-words.ts";

test("what was not sent is told once for each reason", () => {
	expect(skippedWords([])).toEqual([]);
	const raw = "this process lacks the capability CAP_NET_RAW";
	expect(
		skippedWords([
			{ kind: "link", reason: raw },
			{ kind: "echo", reason: "not in the group" },
			{ kind: "ack", reason: raw },
		]),
	).toEqual([
		`Not sent: ARP and neighbour discovery, TCP ACKs (${raw}).`,
		"Not sent: ICMP echo requests (not in the group).",
		"What to do about it: vedette doctor.",
	]);
});
