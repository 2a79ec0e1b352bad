/** With next to no descriptors left, the connect engine takes longer and loses nothing. Runs in a process of its own. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = `
	import { closeSync, openSync } from "node:fs";
	import { createServer } from "node:net";
	import { createConnectEngine } from ${JSON.stringify(new URL("./connect.ts", import.meta.url).href)};
	const engine = await createConnectEngine({ backEnd: process.env.BACK_END });
	const server = createServer((socket) => socket.on("error", () => {}).destroy()).listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	const held = [];
	try { for (;;) held.push(openSync("/dev/null")); } catch {}
	for (let i = 0; i < 3; i++) closeSync(held.pop());
	const { port } = server.address();
	const addresses = Array.from({ length: 400 }, (_, i) => "127.8." + (i >> 8) + "." + (i & 255));
	const limits = { ratePerSecond: 100000, inFlight: 1000, inFlightPerHost: 10, timeoutMs: 1000, retries: 1 };
	const states = {};
	for await (const { answers } of engine.run({ addresses, ports: [1, 2, port === 3 ? 4 : 3], limits })) {
		for (const { state } of answers) states[state] = (states[state] ?? 0) + 1;
	}
	for (const fd of held) closeSync(fd);
	console.log(JSON.stringify(states));
	server.close();
	await engine.close();
`;

test.each(["epoll", "node"])("%s", async (backEnd) => {
	const shell = 'ulimit -n 256 && exec "$0" --input-type=module -e "$1"';
	const env = { ...process.env, BACK_END: backEnd, NODE_OPTIONS: "" };
	const { stdout } = await promisify(execFile)("sh", ["-c", shell, process.execPath, script], { env });
	expect(JSON.parse(stdout)).toEqual({ closed: 1_200 });
});
