import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { methods, streams } from "./catalogue.ts";
import { openRpcDocument } from "./openrpc.ts";
import { isDeeperThan, wireLimits } from "./wire.ts";

interface Described {
	methods: { name: string; params: { name: string; required: boolean }[]; errors?: { code: number }[] }[];
	"x-streams": { streams: { name: string }[] };
}

const document = JSON.parse(JSON.stringify(openRpcDocument("1.2.3"))) as Described;

test("is a valid OpenRPC document", () => {
	// The meta-schema refers to a JSON Schema dialect by address; draft 7 stands in for it, which is what ours are.
	const { $schema: _dialect, ...schema } = createRequire(import.meta.url)("@open-rpc/meta-schema").openrpcDocument;
	const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
	const dialect = {
		$id: "https://meta.json-schema.tools/",
		$ref: "http://json-schema.org/draft-07/schema#",
		definitions: { JSONSchemaObject: { properties: { $ref: { type: "string" } } } },
	};
	// It is referred to with and without the closing slash.
	const again = { ...dialect, $id: "https://meta.json-schema.tools" };
	const valid = ajv.addSchema(dialect).addSchema(again).compile(schema);
	expect(valid(document), JSON.stringify(valid.errors?.slice(0, 5), null, 1)).toBe(true);
	expect(valid({ ...document, methods: [{ name: 1 }] })).toBe(false);
});

test("describes every method and every stream once", () => {
	const names = document.methods.map((method) => method.name);
	expect(names.toSorted()).toEqual([...methods.map((method) => method.name), "rpc.discover"].toSorted());
	expect(document["x-streams"].streams.map((stream) => stream.name)).toEqual(streams.map((stream) => stream.name));
});

test("required params come first, those with a default are not required", () => {
	const start = document.methods.find((method) => method.name === "scans.start");
	expect(start?.params.map(({ name, required }) => [name, required])).toEqual([
		["targets", true],
		["exclusions", false],
		["ports", false],
		["udp", false],
		["checks", false],
		["profile", false],
		["title", false],
		["network", false],
		["window", false],
		["ignoreWindow", false],
		["splitTargets", false],
		["confirm", false],
	]);
	expect(start?.errors?.map((error) => error.code)).toContain(-32004);
});

test("names and contracts follow the rules of the house", () => {
	for (const { name, summary, description } of [...methods, ...streams]) {
		expect(name).toMatch(/^[a-z]+\.[a-z][A-Za-z]+$/);
		expect(summary, name).toMatch(/^[A-Z][^.]*$/);
		expect(description, name).toMatch(/\.$/);
	}
	expect(new Set([...methods, ...streams].map(({ name }) => name)).size).toBe(methods.length + streams.length);
});

test("depth is counted outside strings", () => {
	expect(isDeeperThan("[".repeat(64) + "]".repeat(64), 64)).toBe(false);
	expect(isDeeperThan("[".repeat(65), 64)).toBe(true);
	expect(isDeeperThan(JSON.stringify({ text: '[{"\\['.repeat(1_000) }), 2)).toBe(false);
	expect(isDeeperThan("[]".repeat(1_000), 1)).toBe(false);
	expect(isDeeperThan("[1,".repeat(1_000_000), wireLimits.depth)).toBe(true);
});
