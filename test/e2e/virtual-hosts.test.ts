/** Virtual hosts: a name that shows something else than its address has findings of its own, which close by themselves. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Finding } from "../../protocol/model/finding.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

const address = "127.0.121.1";
let household: Household;
let server: Server;
let port = 0;
/** The name that is served by an old nginx. */
let old = "www.example.org";

function answer(request: IncomingMessage, response: ServerResponse): void {
	const name = (request.headers.host ?? "").replace(/:\d+$/, "");
	response.setHeader("server", name === old ? "nginx/1.4.0" : "nginx/99.0.0");
	response.statusCode = request.url === "/" ? 200 : 404;
	response.end(`<title>${name}</title>`);
}

beforeAll(async () => {
	household = new Household();
	server = createServer(answer);
	await new Promise<void>((resolve) => server.listen(0, address, resolve));
	const bound = server.address();
	port = typeof bound === "object" && bound !== null ? bound.port : 0;
});
afterAll(async () => {
	await household.end();
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

const scan = (...more: string[]) =>
	household.json<{ scan: Scan; items: Finding[] }>("scan", ...more, "--ports", String(port), "--udp", "none");
const names = (items: readonly Finding[]) => [...new Set(items.map(({ instance }) => instance ?? "itself"))];

test("what is found under a name says so, and is fixed when the name shows something else", async () => {
	expect(names((await scan(address)).items)).toEqual([]);
	const added = await household.json<{ added: number }>(
		"vhost",
		"add",
		address,
		String(port),
		"www.example.org",
		"shop.example.org",
	);
	expect(added).toEqual({ added: 2, known: 0 });
	const second = await scan(address);
	expect(names(second.items)).toEqual(["www.example.org"]);
	const [finding] = second.items;
	const why = await household.run(["why", String(finding?.id)]);
	expect(why.stdout).toContain(`port ${port}/tcp as www.example.org`);

	old = "shop.example.org";
	const third = await scan(address);
	// All but what a version from the future leaves open.
	expect(third.scan.fixedFindings).toBeGreaterThan(0);
	expect(names(third.items)).toEqual(["shop.example.org"]);

	// No longer looked at by name: what is not covered stays as it was.
	await household.json("vhost", "remove", address);
	const fourth = await scan(address);
	expect(fourth.scan.fixedFindings).toBe(0);
	const open = await household.json<{ items: Finding[] }>("findings", "instance:shop.example.org");
	expect(open.items.length).toBe(third.items.length);
	const named = await household.json<{ items: Finding[] }>("findings", '"shop.example.org"');
	expect(named.items.length).toBe(third.items.length);
});

test("names that share an address are each looked at when they are split", async () => {
	old = "b.localhost";
	// Both lead to this machine's own address, which is not where the server is: another one, there.
	const local = createServer(answer);
	await new Promise<void>((resolve) => local.listen(port, "127.0.0.1", resolve));
	try {
		const refused = await household.run(["scan", "a.localhost", "b.localhost", "--ports", String(port)]);
		expect(refused.code).toBe(2);
		expect(refused.stderr).toContain("a.localhost and b.localhost are both 127.0.0.1");
		expect(refused.stderr).toContain("--split");
		const split = await scan("a.localhost", "b.localhost", "gone.invalid", "--split");
		expect(split.scan).toMatchObject({ hosts: { total: 1, done: 1 }, notScanned: 1 });
		expect(names(split.items)).toEqual(["b.localhost"]);
		const left = await household.json<{ items: unknown[] }>("scans", "not-scanned", String(split.scan.id));
		expect(left.items).toEqual([{ target: "gone.invalid", why: "It does not resolve to any address." }]);
	} finally {
		local.closeAllConnections();
		await new Promise((resolve) => local.close(resolve));
	}
});
