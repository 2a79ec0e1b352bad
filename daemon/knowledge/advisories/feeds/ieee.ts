/**
 * The IEEE's registry of adapter addresses (standards-oui.ieee.org: oui.csv, mam.csv, oui36.csv): which maker the first digits of
 * a MAC address were given to. Pure.
 */

/** The first hexadecimal digits of an address, upper case: 6 of a large block, 7 of a medium, 9 of a small one. */
export interface VendorPrefix {
	readonly prefix: string;
	readonly name: string;
}

const digitsOf: Readonly<Record<string, number>> = { "MA-L": 6, CID: 6, "MA-M": 7, "MA-S": 9, IAB: 9 };
/** More is no maker's name. */
const longestName = 200;
/** Blocks that are given away in smaller ones, and those whose owner is not told: no maker. */
const nobody = /^(ieee registration authority|private)$/i;

export function isIeeeHead(line: string): boolean {
	return csvFields(line.trim()).slice(0, 3).join("|").toLowerCase() === "registry|assignment|organization name";
}

/** The registry a line belongs to, such as `MA-L`; null for a line that is none of it. */
export function ieeeRegistry(line: string): string | null {
	const [registry = ""] = csvFields(line);
	return registry in digitsOf ? registry : null;
}

/** Null for a line that names no maker. */
export function parseIeeeLine(line: string): VendorPrefix | null {
	const [registry = "", assignment = "", name = ""] = csvFields(line);
	const prefix = assignment.trim().toUpperCase();
	const said = name.replace(/\s+/g, " ").trim().slice(0, longestName);
	const fits = /^[0-9A-F]+$/.test(prefix) && prefix.length === digitsOf[registry.trim()];
	return fits && said !== "" && !nobody.test(said) ? { prefix, name: said } : null;
}

/** RFC 4180, of one line: what a quotation mark leaves open ends with it. */
function csvFields(line: string): string[] {
	const fields: string[] = [];
	let field = "";
	let isQuoted = false;
	for (let at = 0; at < line.length; at++) {
		const letter = line[at] ?? "";
		if (isQuoted && letter === '"' && line[at + 1] === '"') {
			field += '"';
			at++;
		} else if (letter === '"') isQuoted = !isQuoted;
		else if (letter === "," && !isQuoted) {
			fields.push(field);
			field = "";
		} else field += letter;
	}
	return [...fields, field];
}
