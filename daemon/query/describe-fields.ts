/** A catalogue for people: every field with what it is. */
import { type ColumnField, type FieldCatalogue, isExists } from "./fields.ts";

export interface FieldDescription {
	readonly name: string;
	readonly kind: string;
	readonly help: string;
	readonly values: string[];
}

/** In the order of the catalogue, parts after what they are parts of. */
export function describeFields({ fields }: FieldCatalogue): FieldDescription[] {
	return Object.entries(fields).flatMap(([name, field]): FieldDescription[] => {
		if (!isExists(field)) return [describe(name, field)];
		const parts = Object.entries(field.exists.fields).map(([sub, column]) => describe(`${name}.${sub}`, column));
		return [{ name, kind: "parts", help: field.help ?? "", values: [] }, ...parts];
	});
}

function describe(name: string, { kind, help, values }: ColumnField): FieldDescription {
	return { name, kind, help: help ?? "", values: Object.keys(values ?? {}) };
}
