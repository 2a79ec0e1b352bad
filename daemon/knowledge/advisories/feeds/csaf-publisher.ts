/** Whose CSAF documents can be judged by, and why those of others cannot. Pure; never throws. */
import { list, record, text } from "../untrusted.ts";

export type CsafPublisher = "red-hat" | "suse";

/** Null for a document that is none of CSAF, and for one of somebody else. */
export function publisherOf(document: unknown): CsafPublisher | null {
	const { csaf_version: version, publisher } = record(record(document).document);
	if (typeof version !== "string") return null;
	const name = text(record(publisher).name) ?? "";
	return /red ?hat/i.test(name) ? "red-hat" : /\bsuse\b/i.test(name) ? "suse" : null;
}

/** A sentence without its end; null for what is no CSAF document, and for one that is taken in. */
export function csafRefusal(document: unknown): string | null {
	const { csaf_version: version, publisher } = record(record(document).document);
	if (version === undefined && publisher === undefined) return null;
	if (publisherOf(document) !== null) return null;
	const who = (text(record(publisher).name) ?? "somebody who is not named").slice(0, 100);
	return `it is a CSAF document of ${who}, and only Red Hat's and SUSE's are read: ${whatIsNamed(record(document).product_tree)}`;
}

/** Products that are looked at, and branches below each other. */
const mostProducts = 10_000;
const deepest = 20;

/** By what the products are told, and why that leads to nothing that is known of a host. */
function whatIsNamed(tree: unknown): string {
	const types = new Set<string>();
	let [cpes, others] = [0, 0];
	for (const helper of helpersOf(tree)) {
		const { purl, cpe } = record(helper);
		const type = typeof purl === "string" ? /^pkg:([a-z0-9.+-]{1,30})\//.exec(purl)?.[1] : undefined;
		if (type !== undefined) types.add(type);
		else if (typeof cpe === "string") cpes++;
		else others++;
	}
	if (types.size > 0)
		return `its products are packages (purl types ${[...types].sort().slice(0, 5).join(", ")}) of nobody whose updates are judged`;
	if (cpes > 0) return "its products are told by CPE, which no installed package is known by";
	return others > 0 ? "its products are told in words alone" : "it names no product";
}

function helpersOf(tree: unknown): unknown[] {
	const found: unknown[] = [];
	const take = (product: unknown) => {
		const { product_id: id, product_identification_helper: helper } = record(product);
		if (typeof id === "string" && found.length < mostProducts) found.push(helper);
	};
	const walk = (branches: readonly unknown[], depth: number) => {
		if (depth > deepest || found.length >= mostProducts) return;
		for (const one of branches) {
			take(record(one).product);
			walk(list(record(one).branches), depth + 1);
		}
	};
	walk(list(record(tree).branches), 0);
	for (const one of list(record(tree).full_product_names)) take(one);
	return found;
}
