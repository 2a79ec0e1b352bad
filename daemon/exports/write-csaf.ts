/**
 * What is affected by which vulnerability, as a CSAF 2.0 document of the profile VEX (OASIS, section 4.5). The product tree stands
 * behind the vulnerabilities, since which products there are is known only then.
 */
import { harmlessJson } from "../../protocol/harmless.ts";
import type { Signature } from "../../protocol/model/signature.ts";
import type { ExportSource } from "./export-source.ts";
import { namedUuid } from "./identifiers.ts";
import { nothingToState, type VexProduct, type VexStatus, type VexVulnerability, vulnerabilitiesOf } from "./vex.ts";
import { assetIri } from "./write-openvex.ts";

export function* writeCsaf(source: ExportSource): Generator<string> {
	const products = new ProductTree();
	yield `{"document":${harmlessJson(documentOf(source))},"vulnerabilities":[`;
	let isFirst = true;
	for (const one of vulnerabilitiesOf(source)) {
		if (one === null) {
			yield "";
			continue;
		}
		const text = harmlessJson(vulnerabilityOf(one, source.signature(one.signature), products));
		yield `${isFirst ? "\n" : ",\n"}${text}`;
		isFirst = false;
	}
	if (isFirst) throw nothingToState();
	yield "\n]";
	yield* products.write();
	yield "}\n";
}

function documentOf({ meta }: ExportSource): object {
	const { installation, at, filter, version, author, namespace } = meta;
	const date = new Date(at).toISOString();
	return {
		category: "csaf_vex",
		csaf_version: "2.0",
		lang: "en",
		title: filter === "" ? "Vulnerabilities of an inventory" : `Vulnerabilities of an inventory: ${filter}`,
		publisher: { category: "user", name: author, namespace },
		tracking: {
			id: `vedette-${namedUuid(installation, `csaf:${filter}:${at}`)}`,
			status: "final",
			version: "1",
			initial_release_date: date,
			current_release_date: date,
			revision_history: [{ date, number: "1", summary: "As it was when it was asked for." }],
			generator: { date, engine: { name: "vedette", version } },
		},
	};
}

const statusKeys: Readonly<Record<VexStatus, string>> = {
	affected: "known_affected",
	not_affected: "known_not_affected",
	fixed: "fixed",
	under_investigation: "under_investigation",
};

function vulnerabilityOf(one: VexVulnerability, signature: Signature | null, tree: ProductTree): object {
	const ids = one.sayings.map(({ saying, products }) => ({ saying, products: tree.idsOf(products) }));
	const byStatus = Map.groupBy(ids, ({ saying }) => statusKeys[saying.status]);
	const of = (status: VexStatus) => ids.filter(({ saying }) => saying.status === status);
	const remediations = of("affected").map(({ saying, products }) => ({
		category: saying.remedy,
		details: saying.words,
		product_ids: products,
	}));
	const affected = of("affected").flatMap(({ products }) => products);
	const threats = [
		...(one.kev && affected.length > 0
			? [{ category: "exploit_status", details: exploited, product_ids: affected }]
			: []),
		...of("not_affected").map(({ saying, products }) => ({
			...{ category: "impact", details: saying.words, product_ids: products },
		})),
	];
	const flags = of("not_affected").flatMap(({ saying, products }) =>
		saying.justification === null ? [] : [{ label: saying.justification, product_ids: products }],
	);
	const scores = signature === null ? [] : scoresOf(signature, affected);
	const description = signature?.description || signature?.title || one.name;
	return {
		...(one.isCve ? { cve: one.name } : { ids: [{ system_name: "Vedette signature", text: one.name }] }),
		title: signature?.title ?? one.name,
		notes: [
			{ category: "description", text: description, title: "Description" },
			...(one.epss === null ? [] : [{ category: "other", text: String(one.epss), title: "EPSS" }]),
		],
		product_status: Object.fromEntries(
			[...byStatus].map(([key, own]) => [key, own.flatMap(({ products }) => products)]),
		),
		...(remediations.length === 0 ? {} : { remediations }),
		...(threats.length === 0 ? {} : { threats }),
		...(flags.length === 0 ? {} : { flags }),
		...(scores.length === 0 ? {} : { scores }),
	};
}

const exploited = "It is exploited: on the list of known exploited vulnerabilities that CISA keeps (KEV).";

const baseSeverities = [
	[9, "CRITICAL"],
	[7, "HIGH"],
	[4, "MEDIUM"],
	[0.1, "LOW"],
	[0, "NONE"],
] as const;

/** Only where it is that of the one CVE there is; CSAF 2.0 knows CVSS 2 and 3. */
function scoresOf({ cvss, cves }: Signature, products: readonly string[]): object[] {
	const version = cvss === null ? undefined : /^CVSS:(3\.[01])\//.exec(cvss.vector)?.[1];
	if (cvss === null || version === undefined || cves.length > 1 || products.length === 0) return [];
	const baseSeverity = baseSeverities.find(([from]) => cvss.score >= from)?.[1] ?? "NONE";
	return [{ cvss_v3: { version, vectorString: cvss.vector, baseScore: cvss.score, baseSeverity }, products }];
}

/** Every product gets its number when it is first spoken of. */
class ProductTree {
	readonly #purls = new Map<string, string>();
	readonly #assets = new Map<string, { id: string; name: string }>();
	/** By both numbers. */
	readonly #placed = new Map<string, { id: string; purl: string; asset: string }>();

	idsOf(products: readonly VexProduct[]): string[] {
		return products.map(({ purl, asset }) => {
			const own = purl === null ? null : this.#purlId(purl);
			if (asset === null) return own ?? "";
			const place = this.#assets.get(asset.uid) ?? { id: assetIri(asset), name: asset.name || asset.uid };
			this.#assets.set(asset.uid, place);
			return own === null ? place.id : this.#placedId(own, place.id);
		});
	}

	#purlId(purl: string): string {
		const known = this.#purls.get(purl);
		if (known !== undefined) return known;
		const id = `p${this.#purls.size + 1}`;
		this.#purls.set(purl, id);
		return id;
	}

	#placedId(purl: string, asset: string): string {
		const key = `${purl}@${asset}`;
		this.#placed.set(key, { id: key, purl, asset });
		return key;
	}

	/** Nothing where no product was spoken of: the tree must not be empty. */
	*write(): Generator<string> {
		if (this.#purls.size + this.#assets.size === 0) return;
		yield `,"product_tree":{"full_product_names":[`;
		let isFirst = true;
		const next = (value: object) => {
			const text = `${isFirst ? "\n" : ",\n"}${harmlessJson(value)}`;
			isFirst = false;
			return text;
		};
		for (const [purl, id] of this.#purls) {
			yield next({ product_id: id, name: nameOf(purl), product_identification_helper: { purl } });
		}
		for (const { id, name } of this.#assets.values()) yield next({ product_id: id, name });
		yield "\n]";
		if (this.#placed.size > 0) {
			yield `,"relationships":[`;
			isFirst = true;
			for (const { id, purl, asset } of this.#placed.values()) {
				yield next({
					category: "installed_on",
					full_product_name: { product_id: id, name: `${purl} on ${asset}` },
					...{ product_reference: purl, relates_to_product_reference: asset },
				});
			}
			yield "\n]";
		}
		yield "}";
	}
}

/** `openssl 3.0.11-1 (debian-12)` */
function nameOf(purl: string): string {
	const [, name = purl, version = "", distro = ""] =
		/^pkg:[^/]+\/[^/]+\/([^@?]+)(?:@([^?]+))?.*[?&]distro=([^&]+)/.exec(purl) ?? [];
	const text = `${name} ${version}`.trim();
	return decodeURIComponent(distro === "" ? text : `${text} (${distro})`);
}
