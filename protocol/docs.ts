/** Writes REFERENCE.md from the method values: `npm run docs`. A test fails when the page is not what this makes. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { methods, streams } from "./catalogue.ts";
import type { Method, Stream } from "./define.ts";
import { errorCodes, errorMeanings, rpcNumberOf } from "./errors.ts";
import { commonErrors, describeParams } from "./openrpc.ts";
import { control, protocolVersion, wireLimits } from "./wire.ts";

type Json = Record<string, unknown>;

export function referencePage(): string {
	const lines = [
		"# Protocol reference",
		"",
		"Made by `npm run docs` from `protocol/methods`; edit those, not this page.",
		"",
		`Protocol ${protocolVersion}: JSON-RPC 2.0 in text frames over one WebSocket, path \`/rpc\` on the daemon's unix socket.`,
		"The first call is `daemon.hello`. Params are always one object. `rpc.discover` answers all this as OpenRPC.",
		"",
		"## Errors",
		"",
		`\`error.data.code\` is one of these; \`error.data.hint\` says what to do next. Any method may answer ${commonErrors.map((code) => `\`${code}\``).join(", ")}.`,
		"",
		"| code | number | meaning |",
		"|---|---|---|",
		...errorCodes.map((code) => `| ${code} | ${rpcNumberOf(code)} | ${errorMeanings[code]} |`),
		"",
		"## Limits",
		"",
		...Object.entries(wireLimits).map(([name, value]) => `- \`${name}\`: ${value.toLocaleString("en")}`),
		"",
		"## Methods",
		...methods.flatMap(describeMethod),
		"",
		"## Streams",
		"",
		`\`${control.subscribe}\` \`{stream, params}\` answers \`{subscription, sequence, snapshot}\`; \`${control.event}\` notifications carry`,
		`\`{subscription, sequence, event}\` with the sequence rising by one. After a gap or \`${control.lost}\`, subscribe again.`,
		...streams.flatMap(describeStream),
		"",
	];
	return lines.join("\n");
}

function describeMethod(method: Method): string[] {
	return [
		...heading(method),
		...params(method.params),
		`- result: ${shapeOf(schemaOf(method.result, "output"))}`,
		...errors(method),
		...logged(method),
	];
}

function logged({ audit }: Method): string[] {
	if (audit === undefined) return [];
	const words = "unlogged" in audit ? `nothing: ${audit.unlogged}` : audit.map((one) => `\`${one}\``).join(", ");
	return [`- audit log: ${words}`];
}

function describeStream(stream: Stream): string[] {
	return [
		...heading(stream),
		...params(stream.params),
		`- snapshot: ${shapeOf(schemaOf(stream.snapshot, "output"))}`,
		`- event: ${shapeOf(schemaOf(stream.event, "output"))}`,
		...errors(stream),
	];
}

function heading({ name, summary, description, access }: Method | Stream): string[] {
	return ["", `### ${name}`, "", `${summary}. ${description}`, "", `- access: ${access}`];
}

function params(schema: z.ZodObject): string[] {
	const described = describeParams(schema) as { name: string; required: boolean; schema: Json }[];
	if (described.length === 0) return ["- params: none"];
	return [
		"- params:",
		...described.map(({ name, required, schema: type }) => {
			const note = typeof type.description === "string" ? `: ${type.description}` : "";
			const fallback = "default" in type ? `, default \`${JSON.stringify(type.default)}\`` : "";
			return `  - \`${name}\` ${shapeOf(type)}${required ? "" : ", optional"}${fallback}${note}`;
		}),
	];
}

function errors({ errors: codes }: Method | Stream): string[] {
	return codes.length === 0 ? [] : [`- errors: ${codes.join(", ")}`];
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
	return z.toJSONSchema(schema, { io, target: "draft-7", reused: "inline" }) as Json;
}

/** A type in one line: `{id: integer, tags: string[]}`; below three levels only its kind. */
function shapeOf(schema: Json, depth = 0): string {
	if ("const" in schema) return `\`${JSON.stringify(schema.const)}\``;
	if (Array.isArray(schema.enum)) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(" \\| ");
	const choices = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
	if (choices) return choices.map((choice) => shapeOf(choice, depth)).join(" \\| ");
	if (schema.type === "array") return `[${shapeOf((schema.items ?? {}) as Json, depth)}]`;
	const properties = schema.properties as Record<string, Json> | undefined;
	if (!properties) return String(schema.type ?? "any");
	if (depth >= 2) return "object";
	const optional = new Set(
		Object.keys(properties).filter((name) => !(schema.required as string[] | undefined)?.includes(name)),
	);
	const members = Object.entries(properties).map(
		([name, type]) => `${name}${optional.has(name) ? "?" : ""}: ${shapeOf(type, depth + 1)}`,
	);
	return `{${members.join(", ")}}`;
}

if (import.meta.main) writeFileSync(fileURLToPath(new URL("./REFERENCE.md", import.meta.url)), referencePage());
