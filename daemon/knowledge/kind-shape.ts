/** The shape of an evidence kind as JSON Schema, and blank data made from it: what examples are laid over. */
import { z } from "zod";
import { kinds } from "../evidence/kinds/index.ts";
import type { Kind } from "../evidence/record.ts";

/** The part of JSON Schema that evidence kinds use. */
export interface Shape {
	type?: string | string[];
	properties?: Record<string, Shape>;
	required?: string[];
	items?: Shape;
	prefixItems?: Shape[];
	additionalProperties?: Shape | boolean;
	anyOf?: Shape[];
	oneOf?: Shape[];
	enum?: unknown[];
	const?: unknown;
	minimum?: number;
}

const shapes = new Map<Kind, Shape>();

export function shapeOf(kind: Kind): Shape {
	const known = shapes.get(kind);
	if (known !== undefined) return known;
	const made = z.toJSONSchema(kinds[kind]) as Shape;
	shapes.set(kind, made);
	return made;
}

/** The shape without "or null"; the first variant of a union. */
export function withoutNull(shape: Shape): Shape {
	const variants = shape.anyOf ?? shape.oneOf;
	if (variants !== undefined) return withoutNull(variants.find((variant) => variant.type !== "null") ?? {});
	if (!Array.isArray(shape.type)) return shape;
	return { ...shape, type: shape.type.find((type) => type !== "null") ?? "null" };
}

/**
 * Data of a kind where nothing was told (null, "", 0, false, empty lists) with `partial` laid over it. Items of lists
 * that are objects are filled up in the same way. The result is not yet validated.
 */
export function fillUp(kind: Kind, partial: unknown): unknown {
	return fill(shapeOf(kind), partial);
}

function fill(shape: Shape, partial: unknown): unknown {
	if (partial === undefined) return blank(shape);
	if (partial === null) return null;
	const own = withoutNull(shape);
	if (own.properties !== undefined && isObject(partial)) {
		const filled: Record<string, unknown> = {};
		for (const [name, property] of Object.entries(own.properties))
			if (name in partial || own.required?.includes(name) === true) filled[name] = fill(property, partial[name]);
		for (const name of Object.keys(partial)) if (!(name in own.properties)) filled[name] = partial[name];
		return filled;
	}
	const { items } = own;
	return items !== undefined && Array.isArray(partial) ? partial.map((item) => fill(items, item)) : partial;
}

function blank(shape: Shape): unknown {
	if (mayBeNull(shape)) return null;
	const own = withoutNull(shape);
	if (own.const !== undefined) return own.const;
	if (own.enum !== undefined) return own.enum[0];
	if (own.properties !== undefined) return fill(own, {});
	if (own.type === "string") return "";
	if (own.type === "boolean") return false;
	if (own.type === "array") return [];
	if (own.type === "object") return {};
	return Math.max(0, own.minimum ?? 0);
}

function mayBeNull(shape: Shape): boolean {
	if (Array.isArray(shape.type) && shape.type.includes("null")) return true;
	return (shape.anyOf ?? shape.oneOf ?? []).some((variant) => variant.type === "null");
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
