import { once } from "node:events";
import { expect, test } from "vitest";
import { dialStream } from "../../protocol/dial.ts";
import { openRelay, relayGreeting } from "./relay-child.ts";

const place = "ssh://web-01";

/** A relay that runs this in place of ssh. */
function relayOf(script: string) {
	const command = { argv: [process.execPath, "-e", script], place };
	return openRelay(command, { interactive: false, env: process.env, signal: new AbortController().signal });
}

test("what a far shell prints before the relay speaks is passed over, and what comes after is carried", async () => {
	const stream = await relayOf(
		`console.log("Welcome!"); console.log("${relayGreeting} 0.1.0"); console.log("carried")`,
	);
	expect(String((await once(stream, "data"))[0])).toBe("carried\n");
	stream.destroy();
});

test("a relay that has ended when the console speaks over it is told of, and ends nothing else", async () => {
	const stream = await relayOf(`console.log("${relayGreeting} 0.1.0")`);
	await once(stream, "close");
	await expect(dialStream(stream, place)).rejects.toMatchObject({ code: "unavailable" });
});

test("one that ends without a word says so, with the code", async () => {
	await expect(relayOf("process.exitCode = 3")).rejects.toMatchObject({
		code: "unavailable",
		message: expect.stringContaining("ended with 3 before the far daemon answered"),
	});
	await expect(relayOf('console.error("ana@web-01: Permission denied"); process.exitCode = 255')).rejects.toMatchObject(
		{
			code: "forbidden",
		},
	);
});
