/** Recipes over the real daemon: they go from step to step, wait for people, outlive a kill, and refuse what cannot begin. */
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as recipes from "../../protocol/methods/recipes.ts";
import type { Recipe } from "../../protocol/model/recipe.ts";
import { ended, Household } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
const servers: Server[] = [];
const hosts = ["127.0.88.1", "127.0.88.2"];
let port = 0;
beforeAll(async () => {
	for (const host of hosts) {
		const server = createServer((socket) => socket.on("error", () => undefined).end("hello\r\n"));
		servers.push(server);
		await new Promise<void>((resolve) => server.listen(port, host, resolve));
		port = (server.address() as { port: number }).port;
	}
	// Only what is listened on, so that the scans are short.
	await household.run(["profile", "clone", "Light inventory", "Short"]);
	for (const setting of [`ports.set=none`, `ports.additional=${port}`, "udp.set=none", "discovery.udpPorts="])
		expect((await household.run(["profile", "edit", "Short", "--set", setting])).code).toBe(0);
});
afterAll(async () => {
	await household.end();
	for (const server of servers) await new Promise((resolve) => server.close(resolve));
});
const states = ({ steps }: Recipe) => steps.map(({ name, state }) => `${name} ${state}`);

test("a light inventory tags what it finds, and scans that in full", async () => {
	const words = [hosts.join(","), "--tag", "Fresh", "--light", "Short", "--full", "Short"];
	const first = await household.run(["recipe", "inventory", ...words]);
	expect(first.stderr).toBe("");
	expect(first.stdout).toContain("2 assets carry Fresh, 2 of them new to it");
	expect(first.stdout).toContain("Recipe 1 is finished");
	const tagged = await household.json<{ total: number }>("assets", "tag:Fresh");
	expect(tagged.total).toBe(2);
	const again = await household.json<Recipe>("recipe", "inventory", ...words, "--new");
	expect(states(again)).toEqual(["light-scan done", "tag skipped", "full-scan done"]);
});

test("a new subnet waits for approval, and only what is approved goes on", async () => {
	const waiting = await household.json<Recipe>("recipe", "subnet", "127.0.88.0/30", "--profile", "Short");
	expect(waiting.status).toBe("waiting");
	expect(states(waiting)[1]).toBe("approve waiting");
	const shown = await household.run(["recipe", "show", String(waiting.id)]);
	expect(shown.stdout).toContain(`vedette recipe go-on ${waiting.id} --hosts`);
	const gone = await household.run(["recipe", "go-on", String(waiting.id), "--hosts", "127.0.88.1"]);
	expect(gone.stdout).toContain("1 host approved for none");
	expect(gone.stdout).toContain(`Recipe ${waiting.id} is finished`);
	const next = await household.json<Recipe>("recipe", "subnet", "127.0.88.0/30", "--profile", "Short");
	const on = await household.json<Recipe>("recipe", "go-on", String(next.id), "--approved");
	expect(on.steps[1]).toMatchObject({ state: "done", text: "live hosts approved already: 1; no more are" });
	expect(on.steps[2]?.text).toBe("0 hosts added to the inventory, 1 were in it");
	const twice = await household.run(["recipe", "go-on", String(waiting.id)]);
	expect([twice.code, twice.stderr]).toEqual([expect.any(Number), expect.stringContaining("nothing to decide")]);
	expect(twice.code).not.toBe(0);
});

test("what cannot begin is refused in words, and not kept", async () => {
	const before = await household.json<{ total: number }>("recipe", "list");
	for (const [words, sentence] of [
		[["subnet", "127.0.88.0/33"], "wrong prefix length"],
		[["inventory", "300.1.1.1", "--tag", "X"], "300.1.1.1"],
		[["inventory", "127.0.88.1", "--tag", "X", "--light", "Nope"], "Nope"],
		[["subnet", "127.0.88.0/30", "--track", "mac"], "neither ip nor dns"],
		[["go-on", "99"], "no recipe 99"],
	] as const) {
		const outcome = await household.run(["recipe", ...words]);
		expect(outcome.stderr).toContain(sentence);
		expect(outcome.code).not.toBe(0);
	}
	expect(await household.json("recipe", "list")).toEqual(before);
});

test("a recipe outlives a daemon that is killed, and is cancelled with its scan", async () => {
	await household.run(["daemon", "stop"]);
	await household.settled();
	const first = await household.daemon();
	const request = {
		kind: "light-inventory" as const,
		targets: ["127.0.88.0/27"],
		tag: "Kept",
		lightProfile: "Short",
		fullProfile: "Short",
	};
	const begun = await first.client.call(recipes.start, { request });
	expect(begun.status).toBe("running");
	await ended(first.child, "SIGKILL");
	await household.settled();
	const second = await household.daemon();
	const finished = new Promise<Recipe>((resolve, reject) => {
		const look = () =>
			second.client.call(recipes.get, { recipe: begun.id }).then((recipe) => {
				if (recipe.status !== "running") resolve(recipe);
			}, reject);
		second.client.subscribe(recipes.watch, {}, { onSnapshot: look, onEvent: look, onError: reject });
	});
	expect(states(await finished)).toEqual(["light-scan done", "tag done", "full-scan done"]);

	const next = await second.client.call(recipes.start, {
		request: { ...request, targets: ["127.0.88.0/24"], lightProfile: "Light inventory" },
	});
	const cancelled = await second.client.call(recipes.cancel, { recipe: next.id });
	expect(cancelled.status).toBe("cancelled");
	const scan = cancelled.steps[0]?.scan ?? 0;
	const stopped = await household.json<{ status: string }>("call", "scans.get", JSON.stringify({ scan }));
	expect(["cancelled", "finished"]).toContain(stopped.status);
});
