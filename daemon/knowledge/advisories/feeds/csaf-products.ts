/**
 * What the ids of a CSAF 2.0 document stand for (docs.oasis-open.org/csaf/csaf/v2.0, sections 3.1.3 and 3.2.2): an RPM, and
 * the product of Red Hat or SUSE it is a part of. Pure; never throws.
 */
import { list, record, text } from "../untrusted.ts";

export interface Component {
	readonly name: string;
	/** `epoch:version-release`; null for what has none yet. */
	readonly version: string | null;
	/** The source package rather than something built from it. */
	readonly isSource: boolean;
	/** `ruby:2.5`; null for what is in no module. */
	readonly module: string | null;
}

export interface ProductPart extends Component {
	/**
	 * The product: of Red Hat its CPE without `cpe:/o:redhat:`, e.g. `enterprise_linux:9::baseos`; of SUSE its name behind
	 * `suse:`, e.g. `suse:SUSE Linux Enterprise Server 15 SP5`.
	 */
	readonly cpe: string;
}

/** Bounds of one document; Red Hat's longest has some 60,000 products. */
const mostProducts = 500_000;
const deepestBranch = 20;
const deepestRelation = 5;

type Named = Readonly<Record<string, unknown>>;

export class ProductTree {
	/** By id; the branches' products, each with what identifies it. */
	readonly #products = new Map<string, { readonly cpe: string | null; readonly component: Component | null }>();
	readonly #relations = new Map<string, readonly [component: string, product: string]>();

	constructor(tree: unknown) {
		const { branches, full_product_names: names, relationships } = record(tree);
		this.#addBranches(list(branches), 0);
		for (const one of list(names)) this.#add(record(one));
		for (const one of list(relationships)) {
			const {
				full_product_name: full,
				product_reference: component,
				relates_to_product_reference: product,
			} = record(one);
			const id = text(record(full).product_id);
			if (id === null || typeof component !== "string" || typeof product !== "string") continue;
			if (this.#relations.size < mostProducts) this.#relations.set(id, [component, product]);
		}
	}

	/** The RPM a status speaks of, and where; null for containers, archives and what the document does not explain. */
	part(id: string): ProductPart | null {
		let [component, module]: [Component | null, string | null] = [null, null];
		let at = id;
		for (let depth = 0; depth < deepestRelation; depth++) {
			const relation = this.#relations.get(at);
			if (relation === undefined) {
				const cpe = this.#products.get(at)?.cpe ?? null;
				if (cpe === null || component === null) return null;
				// What SUSE's hosts have is looked up by plain names.
				if (cpe.startsWith("suse:")) return { ...component, isSource: false, module: null, cpe };
				return { ...component, module: component.module ?? module, cpe };
			}
			// A build of a module is part of the module, and that is part of the product.
			const own = this.#products.get(relation[0])?.component ?? componentOfId(relation[0]);
			if (component === null) component = own;
			else module ??= own?.module ?? null;
			at = relation[1];
			module ??= moduleOfId(at);
		}
		return null;
	}

	#addBranches(branches: readonly unknown[], depth: number): void {
		if (depth > deepestBranch) return;
		for (const one of branches) {
			const branch = record(one);
			this.#add(record(branch.product));
			this.#addBranches(list(branch.branches), depth + 1);
		}
	}

	#add(product: Named): void {
		const id = text(product.product_id);
		if (id === null || this.#products.size >= mostProducts) return;
		const { cpe, purl } = record(product.product_identification_helper);
		const own = typeof cpe === "string" ? placeOf(cpe, text(product.name) ?? id) : undefined;
		const component = typeof purl === "string" ? componentOfPurl(purl, id) : null;
		this.#products.set(id, { cpe: own ?? null, component });
	}
}

function placeOf(cpe: string, name: string): string | undefined {
	const redHat = /^cpe:\/[aoh]:redhat:([^\s]{1,200})$/.exec(cpe)?.[1];
	return redHat ?? (/^cpe:\/[aoh]:(?:open)?suse:/.test(cpe) ? `suse:${name.slice(0, 200)}` : undefined);
}

/** `pkg:rpm/redhat/ruby@2.5.9-111.module%2Bel8?arch=src&epoch=1&rpmmod=ruby:2.5:…` (github.com/package-url/purl-spec). */
function componentOfPurl(purl: string, id: string): Component | null {
	const [, type, path = "", query = ""] =
		/^pkg:(rpm|rpmmod)\/(?:redhat|suse|opensuse)\/([^?#]{1,500})(?:\?([^#]{0,1000}))?/.exec(purl) ?? [];
	if (type === undefined) return null;
	const [name = "", version] = path.split("@", 2).map(decoded);
	if (name === "" || /\s/.test(name)) return null;
	if (type === "rpmmod") return { name, version: null, isSource: true, module: streamOf(`${name}:${version ?? ""}`) };
	const qualifiers = new URLSearchParams(query);
	const label = qualifiers.get("rpmmod");
	const epoch = qualifiers.get("epoch");
	const isBuild = version?.includes("-") === true;
	const full = epoch !== null && /^[1-9][0-9]{0,9}$/.test(epoch) ? `${epoch}:${version}` : version;
	return {
		...{ name, version: isBuild ? (full ?? null) : null, isSource: qualifiers.get("arch") === "src" },
		module: label === null ? (moduleOfId(id) ?? null) : streamOf(label),
	};
}

/** `curl-0:7.76.1-14.el9_0.9.src`, `ruby-2.5.9-111.module+el8.9.0.x86_64.rpm-ruby:2.5`, `ruby:2.5/ruby`, `samba.src`, `curl`. */
function componentOfId(id: string): Component | null {
	const build =
		/^([A-Za-z0-9][\w.+-]*?)-(?:([0-9]{1,10}):)?([0-9A-Za-z][^-:\s/]*-[^-:\s/]+?)\.(src|nosrc|noarch|[a-z0-9_]{3,10})(?:\.rpm-\S+)?$/.exec(
			id.slice(0, 500),
		);
	if (build !== null) {
		const [, name = "", epoch, version = "", architecture = ""] = build;
		const full = epoch === undefined || /^0+$/.test(epoch) ? version : `${epoch}:${version}`;
		return { name, version: full, isSource: /src$/.test(architecture), module: moduleOfId(id) };
	}
	const plain = /^(?:([\w.+-]+:[\w.+-]+)\/)?([A-Za-z0-9][\w.+-]*)$/.exec(id.slice(0, 500));
	if (plain === null) return null;
	const [, module = null, name = ""] = plain;
	// What is listed by no more than a name is the source package.
	return { name: name.replace(/\.src$/, ""), version: null, isSource: true, module };
}

/** `…rpm-ruby:2.5` ends in the module, `ruby:2.5/ruby` begins with it; `AppStream-8.9.0.GA:ruby:2.5:8090…:c0ffee` has it within. */
function moduleOfId(id: string): string | null {
	const ended = /\.rpm-([\w.+-]+:[\w.+-]+)$/.exec(id)?.[1];
	const begun = /^([\w.+-]+:[\w.+-]+)\/[\w.+-]+$/.exec(id)?.[1];
	const within = /(?:^|:)([A-Za-z][\w.+-]*:[\w.+-]+):[0-9]{13,25}:[0-9a-f]{6,12}$/.exec(id)?.[1];
	return ended ?? begun ?? within ?? null;
}

/** Name and stream of a modularity label; null for what is none. */
function streamOf(label: string): string | null {
	const [name = "", stream = ""] = label.split(":");
	return /^[\w.+-]+$/.test(name) && /^[\w.+-]+$/.test(stream) ? `${name}:${stream}` : null;
}

function decoded(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}
