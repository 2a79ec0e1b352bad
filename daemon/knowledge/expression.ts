/**
 * CEL expressions over one record: one environment for all signatures, bounded in length and size, patterns on RE2.
 * Variables: `record` (the data of the kind), `port`, `protocol`, `address`, `now`, `values` (the signature's own).
 */
import { type ASTNode, Environment } from "@marcbachmann/cel-js";
import { registerFunctions } from "./functions.ts";

const longestExpression = 4_000;

export interface Context {
	record: unknown;
	port: bigint;
	protocol: string;
	address: string;
	now: Date;
	values: Readonly<Record<string, unknown>>;
}

export interface Expression {
	/** Runs it. Throws on a missing field, a null where a value is needed, or `Undecided`. */
	evaluate(context: Context): unknown;
	readonly ast: ASTNode;
}

let shared: Environment | undefined;

function environment(): Environment {
	shared ??= registerFunctions(
		new Environment({
			homogeneousAggregateLiterals: false,
			limits: { maxAstNodes: 800, maxDepth: 24, maxListElements: 200, maxMapEntries: 50, maxCallArguments: 8 },
		})
			.registerVariable("record", "dyn")
			.registerVariable("values", "dyn")
			.registerVariable("port", "int")
			.registerVariable("protocol", "string")
			.registerVariable("address", "string")
			.registerVariable("now", "google.protobuf.Timestamp"),
	);
	return shared;
}

/** Parses and type-checks. Throws an Error whose message says where and why, for people who write signatures. */
export function compileExpression(source: string, type: "bool" | "string"): Expression {
	if (source.length > longestExpression) throw new Error(`expression is longer than ${longestExpression} characters`);
	const parsed = environment().parse(source);
	const { ast } = parsed;
	const linear = withLinearPatterns(source, ast);
	const run = linear === source ? parsed : environment().parse(linear);
	const checked = run.check();
	if (!checked.valid) throw new Error(checked.error?.message ?? "expression does not type-check");
	if (checked.type !== type && checked.type !== "dyn") throw new Error(`expression gives ${checked.type}, not ${type}`);
	return { evaluate: (context) => run(context), ast };
}

/**
 * The library's `matches` runs on the engine's backtracking regular expressions and cannot be replaced, so each call of
 * it is renamed to ours before the expression is compiled.
 */
function withLinearPatterns(source: string, ast: ASTNode): string {
	const places: { from: number; to: number }[] = [];
	forEachNode(ast, (node) => {
		if (node.op !== "rcall" || node.args[0] !== "matches") return;
		const [, receiver, given] = node.args;
		places.push({ from: receiver.range.end, to: given[0]?.range.start ?? node.range.end });
	});
	let text = source;
	for (const { from, to } of places.sort((a, b) => b.from - a.from))
		text = text.slice(0, from) + text.slice(from, to).replace("matches", "matchesPattern") + text.slice(to);
	return text;
}

/** Visits a node and everything below it. */
function forEachNode(node: ASTNode, visit: (node: ASTNode) => void): void {
	visit(node);
	for (const child of childrenOf(node)) forEachNode(child, visit);
}

/** The nodes directly below one. */
export function childrenOf(node: ASTNode): ASTNode[] {
	if (node.op === "value" || node.op === "id") return [];
	const found: ASTNode[] = [];
	collect(node.args, found);
	return found;
}

function collect(value: unknown, found: ASTNode[]): void {
	if (Array.isArray(value)) for (const item of value) collect(item, found);
	else if (isNode(value)) found.push(value);
}

function isNode(value: unknown): value is ASTNode {
	return typeof value === "object" && value !== null && "op" in value && "args" in value;
}
