/** Holds what every method that may change something says of the audit log to what is written there. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { methods } from "../protocol/catalogue.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = globSync("daemon/**/*.ts", { cwd: root })
	.filter((path) => !/\.test(-support)?\.ts$/.test(path))
	.map((path) => readFileSync(join(root, path), "utf8"))
	.join("\n");

/** Verbs that come from a param, as its schema lists them. */
const models = globSync("protocol/model/*.ts", { cwd: root }).flatMap((path) => [
	...readFileSync(join(root, path), "utf8").matchAll(/z\.literal\("([a-z-]+)"\)/g),
]);
/** Ends of verbs that are made of two words: `${verb}-addresses`. */
const composed = new Set([...source.matchAll(/`\$\{verb\}(-[a-z]+)`/g)].map(([, end]) => end));

const logged = methods.flatMap(({ audit = [] }) => ("unlogged" in audit ? [] : audit));

test("every method that needs more than to read says what it leaves in the log, or why nothing", () => {
	const wrong = methods.filter(({ access, audit = [] }) => {
		const says = "unlogged" in audit ? audit.unlogged !== "" : audit.length > 0;
		return says !== (access !== "read");
	});
	expect(wrong.map(({ name }) => name)).toEqual([]);
	expect(logged.length).toBeGreaterThan(100);
});

test("each of those entries is written somewhere: as it is, or by a noun whose verbs are", () => {
	const written = new Set([...source.matchAll(/"([a-z-]+\.[a-z-]+|stop-all)"/g)].map(([, action]) => action));
	const nouns = new Set([...source.matchAll(/action: `([a-z-]+)\.\$\{/g)].map(([, noun]) => noun));
	const verbs = new Set([...source.matchAll(/["`]([a-z-]+)["`]/g), ...models].map(([, verb]) => verb));
	const missing = logged.filter((action) => {
		const [noun, verb] = action.split(".");
		return (
			!written.has(action) && !(nouns.has(noun) && (verbs.has(verb) || composed.has(verb?.replace(/^[a-z]+/, ""))))
		);
	});
	expect(missing).toEqual([]);
});

test("what is written as an entry is declared", () => {
	const written = [...source.matchAll(/\baction: "([a-z]{2}[a-z-]*\.[a-z-]+|stop-all)"/g)].map(
		([, action = ""]) => action,
	);
	expect(written.length).toBeGreaterThan(40);
	// What the daemon does by itself, and what it says of itself.
	const own = /^(audit|access\.(refused|bad-token)|exception\.(expire|warn)|ignore\.lapse|recipe\.refused)|-refused$/;
	expect([...new Set(written)].filter((action) => !logged.includes(action) && !own.test(action))).toEqual([]);
});
