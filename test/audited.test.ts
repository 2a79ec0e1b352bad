/** Holds every method that may change something to the audit log. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { auditActions } from "../protocol/audit/actions.ts";
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

const changing = methods.filter(({ access }) => access !== "read").map(({ name }) => name);
const logged = Object.values(auditActions).flatMap((one) => ("unlogged" in one ? [] : one));

test("every method that needs more than to read says what it leaves in the log, or why nothing", () => {
	expect(changing.filter((name) => !(name in auditActions))).toEqual([]);
	expect(Object.keys(auditActions).filter((name) => !changing.includes(name))).toEqual([]);
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
