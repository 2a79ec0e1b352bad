/** Checks the words of an expression against the evidence kind: a field that does not exist would never be decided. */
import type { ASTNode } from "@marcbachmann/cel-js";
import type { Kind } from "../evidence/record.ts";
import { childrenOf } from "./expression.ts";
import { patternArguments } from "./functions.ts";
import { type Shape, shapeOf, withoutNull } from "./kind-shape.ts";

const comprehensions = new Set(["exists", "exists_one", "all", "filter", "map"]);
const deepest = 3;

interface Scope {
	/** Variables with a known shape; null: of any shape. */
	names: ReadonlyMap<string, Shape | null>;
	depth: number;
	problems: string[];
	onPattern: (pattern: string) => void;
}

/**
 * Problems found, one sentence each; empty when all words are known. `onPattern`: called for each pattern that
 * stands in the expression, may throw; compiling them all is slow, so it is left out when the program starts.
 */
export function checkVocabulary(
	ast: ASTNode,
	kind: Kind,
	values: Readonly<Record<string, unknown>>,
	onPattern: (pattern: string) => void = () => {},
): string[] {
	const problems: string[] = [];
	const names = new Map<string, Shape | null>([
		["record", shapeOf(kind)],
		["values", valuesShape(values)],
	]);
	walk(ast, { names, depth: 0, problems, onPattern });
	return problems;
}

function valuesShape(values: Readonly<Record<string, unknown>>): Shape {
	return { properties: Object.fromEntries(Object.keys(values).map((name) => [name, {}])) };
}

/** Walks a node; gives the shape of what it stands for, null when that is unknown. */
function walk(node: ASTNode, scope: Scope): Shape | null {
	if (node.op === "id") return scope.names.get(node.args) ?? null;
	if (node.op === ".") {
		const [parent, name] = node.args;
		return fieldOf(walk(parent, scope), name, scope);
	}
	if (node.op === "[]") {
		const [parent, index] = node.args;
		const shape = walk(parent, scope);
		walk(index, scope);
		return shape === null ? null : elementOf(withoutNull(shape));
	}
	if (node.op === "call") checkPattern(node.args[0], node.args[1], scope);
	if (node.op === "rcall") return walkMethod(node.args, scope);
	for (const child of childrenOf(node)) walk(child, scope);
	return null;
}

function walkMethod([name, receiver, given]: [string, ASTNode, ASTNode[]], scope: Scope): Shape | null {
	checkPattern(name, given, scope);
	const shape = walk(receiver, scope);
	if (receiver.op === "id" && receiver.args === "cel" && given[0]?.op === "id") {
		const [variable, value, body] = given;
		if (variable?.op !== "id" || value === undefined || body === undefined) return null;
		return walk(body, within(scope, variable.args, walk(value, scope)));
	}
	if (!comprehensions.has(name) || given[0]?.op !== "id") {
		for (const argument of given) walk(argument, scope);
		return null;
	}
	if (scope.depth >= deepest) scope.problems.push(`${name} is nested deeper than ${deepest}`);
	const inner = within(scope, given[0].args, shape === null ? null : elementOf(withoutNull(shape)));
	for (const argument of given.slice(1)) walk(argument, inner);
	return name === "filter" ? shape : null;
}

function within(scope: Scope, name: string, shape: Shape | null): Scope {
	return { ...scope, names: new Map(scope.names).set(name, shape), depth: scope.depth + 1 };
}

function fieldOf(shape: Shape | null, name: string, scope: Scope): Shape | null {
	if (shape === null) return null;
	const own = withoutNull(shape);
	const property = own.properties?.[name];
	if (property !== undefined) return property;
	if (typeof own.additionalProperties === "object") return own.additionalProperties;
	if (own.properties !== undefined || own.type !== undefined) scope.problems.push(`there is no field ${name} here`);
	return null;
}

function elementOf(shape: Shape): Shape | null {
	if (shape.items !== undefined) return shape.items;
	return typeof shape.additionalProperties === "object" ? shape.additionalProperties : null;
}

/** A pattern must stand in the file as text: only then is its cost known before it runs. */
function checkPattern(name: string, given: readonly ASTNode[], scope: Scope): void {
	const position = Object.hasOwn(patternArguments, name) ? patternArguments[name] : undefined;
	if (position === undefined) return;
	const argument = given[position];
	const nodes = argument?.op === "list" ? argument.args : [argument];
	for (const node of nodes) {
		if (node?.op !== "value" || typeof node.args !== "string") {
			scope.problems.push(`the pattern of ${name} must be written as text`);
			continue;
		}
		try {
			scope.onPattern(node.args);
		} catch (error) {
			scope.problems.push(`the pattern ${node.args} cannot be used: ${error instanceof Error ? error.message : error}`);
		}
	}
}
