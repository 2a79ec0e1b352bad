/** A host that answers with what steers terminals: not one such byte gets through any command, as text or as JSON. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Finding } from "../../protocol/model/finding.ts";
import { type FakeService, serve } from "../support/fake-host.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

const address = "127.0.132.1";
/** Clears the screen, sets the title, copies to the clipboard, turns the reading direction; as ESC and as C1. */
const steering = "\u001b[2J\u001b]0;owned\u0007\u001b]52;c;aGk=\u0007\u009b31m\u202e\u2066\u0085\u200b";
const page = `<html><title>Index of /${steering}</title><h1>Index of /${steering}</h1><a href="../">up</a></html>`;

const household = new Household();
const services: FakeService[] = [];
let ports = "";

beforeAll(async () => {
	services.push(
		await serve(address, 0, (socket) => {
			socket.write(`220 ${steering} ftp\r\n`);
			socket.on("data", () => socket.write(`500 ${steering}\r\n`));
		}),
		await serve(address, 0, (socket) => {
			socket.write(`SSH-2.0-Open${steering}SSH_7.4 ${steering}\r\n`);
			socket.on("data", () => socket.end());
		}),
		await serve(address, 0, (socket) => {
			socket.once("data", () =>
				socket.end(
					`HTTP/1.1 200 OK\r\nServer: nginx/1.14.0${steering}\r\nContent-Type: text/html\r\nContent-Length: ${Buffer.byteLength(page)}\r\nConnection: close\r\n\r\n${page}`,
				),
			);
		}),
	);
	ports = services.map(({ port }) => port).join(",");
	const scan = await household.run(["scan", address, "--ports", ports, "--title", `scan ${steering}`]);
	expectHarmless(scan.stdout + scan.stderr);
	expect(scan.stdout).toContain(`of 1 host alive, ${services.length} open ports`);
});
afterAll(async () => {
	await household.end();
	for (const service of services) await service.close();
});

function expectHarmless(text: string): void {
	expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
}

test.each([["findings type:[confirmed,potential,information]"], ["assets"], ["scans"], ["status"]])(
	"vedette %s",
	async (words) => {
		const listing = words.split(" ");
		const table = await household.run(listing);
		expect(table.code).toBe(0);
		expectHarmless(table.stdout);
		const json = await household.run([...listing, "--json"]);
		expectHarmless(json.stdout);
	},
);

test("why, for everything that was found, and call", async () => {
	const all = await household.json<{ items: Finding[] }>("findings", "type:[confirmed,potential,information]");
	expect(JSON.stringify(all), "it was kept as it came").toContain("\\u001b[2J");
	expect(JSON.stringify(all)).toContain("\u202e");
	for (const { id } of all.items) expectHarmless((await household.run(["why", String(id)])).stdout);
	const detail = await household.run(["call", "assets.get", JSON.stringify({ name: address })]);
	expectHarmless(detail.stdout);
	expect(JSON.stringify(JSON.parse(detail.stdout)), "the JSON still says what it was").toContain("\u202e");
});
