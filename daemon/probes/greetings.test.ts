import { readdirSync } from "node:fs";
import { expect, it, test } from "vitest";
import { probes } from "./index.ts";
import { readTranscript, serverBytes } from "./transcript.test-support.ts";

const ours = probes.filter((probe) => probe.transport === "tcp" && probe.name !== "tls");

/** First bytes of every recorded server, by the probe that recorded them. */
const recorded = ours.flatMap((probe) => {
	const folder = new URL(`./${probe.name}/testdata/`, import.meta.url);
	return readdirSyncOrNone(folder)
		.filter((file) => file.endsWith(".transcript"))
		.map((file) => {
			const [first = []] = readTranscript(new URL(file, folder));
			const opening = first.find((event) => event.by === "S");
			return [file, probe.name, opening?.by === "S" ? opening.bytes : serverBytes([first])[0]!] as const;
		});
});

function readdirSyncOrNone(folder: URL): string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

it("has recordings to look at", () => {
	expect(recorded.length).toBeGreaterThan(20);
});

test.each(recorded)("%s is taken for %s and nothing else", (_, name, bytes) => {
	const sure = ours
		.map((probe) => [probe.name, probe.recognise(bytes)] as const)
		.filter(([, sureness]) => sureness > 0);
	const [best] = sure.toSorted((a, b) => b[1] - a[1]);
	expect(best?.[0]).toBe(name);
	for (const [other, sureness] of sure) if (other !== name) expect(sureness).toBeLessThan(0.5);
});

test.each([
	["220 host.example.test\r\n", ["ftp", "smtp"]],
	["-ERR try again later\r\n", ["pop3", "redis"]],
])("%j stays open between %j", (text, names) => {
	const sure = ours.filter((probe) => probe.recognise(Buffer.from(text)) > 0).map((probe) => probe.name);
	expect(sure.toSorted()).toEqual(names);
});
