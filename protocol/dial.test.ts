import { Duplex, PassThrough } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { dialStream } from "./dial.ts";

const lineToNobody = () =>
	Duplex.from({ readable: new PassThrough(), writable: new PassThrough() }).on("error", () => undefined);

test("a line that ended before anybody dialled is told of, and not waited for", async () => {
	const line = lineToNobody();
	line.destroy();
	await setImmediate();
	await expect(dialStream(line, "ssh://web-01")).rejects.toMatchObject({
		code: "unavailable",
		message: "No daemon answers on ssh://web-01.",
	});
});

test("so is one that ends while it is dialled", async () => {
	const line = lineToNobody();
	const dialling = dialStream(line, "ssh://web-01");
	await setImmediate();
	line.destroy();
	await expect(dialling).rejects.toMatchObject({ code: "unavailable" });
});
