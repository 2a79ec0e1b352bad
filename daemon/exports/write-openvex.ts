/** What is affected by which vulnerability, as OpenVEX 0.2.0 (github.com/openvex/spec). */
import { harmlessJson } from "../../protocol/harmless.ts";
import type { ExportSource } from "./export-source.ts";
import { namedUuid } from "./identifiers.ts";
import { nothingToState, type VexAsset, type VexProduct, vulnerabilitiesOf } from "./vex.ts";

/** A statement names at most so many products; there are more statements then. */
const mostProducts = 10_000;
const productsAtOnce = 100;

export function* writeOpenVex(source: ExportSource): Generator<string> {
	const { installation, author, version, at, filter } = source.meta;
	const id = `urn:uuid:${namedUuid(installation, `openvex:${filter}:${at}`)}`;
	const timestamp = new Date(at).toISOString();
	const head = { "@context": "https://openvex.dev/ns/v0.2.0", "@id": id, author, timestamp, version: 1 };
	yield `${harmlessJson({ ...head, tooling: `vedette ${version}` }).slice(0, -1)},"statements":[`;
	let isFirst = true;
	for (const one of vulnerabilitiesOf(source)) {
		if (one === null) {
			yield "";
			continue;
		}
		const { name, signature, sayings, lastFound } = one;
		const vulnerability = { name, description: source.signature(signature)?.title ?? name };
		for (const { saying, products } of sayings) {
			for (let from = 0; from < products.length; from += mostProducts) {
				const statement = {
					vulnerability,
					timestamp: new Date(lastFound).toISOString(),
					status: saying.status,
					...(saying.status === "not_affected" ? { impact_statement: saying.words } : {}),
					...(saying.justification === null ? {} : { justification: saying.justification }),
					...(saying.status === "affected" ? { action_statement: saying.words } : {}),
				};
				yield `${isFirst ? "\n" : ",\n"}${harmlessJson(statement).slice(0, -1)},"products":[`;
				yield* listed(products.slice(from, from + mostProducts));
				yield "]}";
				isFirst = false;
			}
		}
	}
	if (isFirst) throw nothingToState();
	yield "\n]}\n";
}

/** A few at a time: ten thousand in one text would be megabytes of it. */
function* listed(products: readonly VexProduct[]): Generator<string> {
	for (let at = 0; at < products.length; at += productsAtOnce) {
		const some = products.slice(at, at + productsAtOnce).map((product) => harmlessJson(productOf(product)));
		yield `${at === 0 ? "" : ","}${some.join(",")}`;
	}
}

function productOf({ purl, asset }: VexProduct): object {
	if (asset === null) return componentOf(purl ?? "");
	return purl === null ? { "@id": assetIri(asset) } : { "@id": assetIri(asset), subcomponents: [componentOf(purl)] };
}

function componentOf(purl: string): object {
	return { "@id": purl, identifiers: { purl } };
}

export function assetIri({ uid }: VexAsset): string {
	return `urn:uuid:${uid}`;
}
