/** The products whose end of support is known, found by what systems and services call themselves. Pure. */
import type { DataOf } from "../../evidence/record.ts";
import type { SupportedProduct } from "../advisories/feeds/endoflife.ts";

export type KnownProduct = SupportedProduct & { readonly feed: string };

/** os-release IDs that are not the names endoflife.date uses. */
const systems: Readonly<Record<string, string>> = {
	...{
		alpine: "alpine-linux",
		rocky: "rocky-linux",
		ol: "oracle-linux",
		amzn: "amazon-linux",
		photon: "vmware-photon",
	},
	...{ sles_sap: "sles", "opensuse-leap": "opensuse" },
};

/** Systems as guesses of the operating system name them (evidence/os-guess.ts). */
const guessed: readonly (readonly [RegExp, string])[] = [
	[/^Debian (\d{1,2})$/, "debian"],
	[/^Ubuntu (\d\d\.\d\d)$/, "ubuntu"],
	[/^Fedora (\d\d)$/, "fedora"],
	[/^FreeBSD (\d{1,2}\.\d)$/, "freebsd"],
	[/^OpenBSD (\d\.\d)$/, "openbsd"],
	[/^NetBSD (\d{1,2}\.\d)$/, "netbsd"],
];

export class ProductTable {
	readonly #bySlug: ReadonlyMap<string, KnownProduct>;
	readonly #byLabel: ReadonlyMap<string, KnownProduct>;
	readonly #byCpe = new Map<string, KnownProduct>();

	constructor(products: readonly KnownProduct[]) {
		this.#bySlug = new Map(products.map((one) => [one.slug, one]));
		this.#byLabel = new Map(products.map((one) => [one.label.toLowerCase(), one]));
		for (const one of products) for (const cpe of one.cpes) if (!this.#byCpe.has(cpe)) this.#byCpe.set(cpe, one);
	}

	get size(): number {
		return this.#bySlug.size;
	}

	bySlug(slug: string): KnownProduct | null {
		return this.#bySlug.get(slug) ?? null;
	}

	/** As a banner spells it, or by `vendor:product` of its CPE. */
	find(name: string, cpe: string | null = null): KnownProduct | null {
		const byCpe = cpe === null ? undefined : this.#byCpe.get(cpe);
		return byCpe ?? this.#byLabel.get(name.toLowerCase()) ?? null;
	}

	/** By os-release(5). CentOS and CentOS Stream share an ID. */
	ofSystem(os: NonNullable<DataOf<"system">["os"]>): { product: KnownProduct; version: string } | null {
		const slug = os.id === "centos" && /stream/i.test(os.name) ? "centos-stream" : (systems[os.id] ?? os.id);
		const product = this.bySlug(slug);
		return product === null || product.category !== "os" || os.version === null
			? null
			: { product, version: os.version };
	}

	ofGuess(name: string): { product: KnownProduct; version: string } | null {
		for (const [pattern, slug] of guessed) {
			const version = pattern.exec(name)?.[1];
			const product = version === undefined ? null : this.bySlug(slug);
			if (version !== undefined && product !== null) return { product, version };
		}
		return null;
	}
}
