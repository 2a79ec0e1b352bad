/** Checks that a feed of support dates makes: the system of a host, and the products its services name. */
import type { Signature } from "../../../protocol/model/signature.ts";
import type { EvidenceRecord, Kind } from "../../evidence/record.ts";
import type { Check, HostFacts, Verdict } from "../knowledge.ts";
import type { Fingerprints } from "../recognition/fingerprints.ts";
import { namesDistribution } from "../support-end.ts";
import type { KnownProduct, ProductTable } from "./products.ts";
import { cycleOf, supportOf } from "./supported.ts";

/** Signatures of these checks are called by this and what they look at. */
const endOfLifeFolder = "end-of-life/";

const clear: Verdict = { matched: false, result: "", problem: "" };

/** `ownSlugs`: products that a signature of its own looks after. */
export function endOfLifeChecks(
	products: ProductTable,
	ownSlugs: ReadonlySet<string>,
	fingerprints: Pick<Fingerprints, "recognise"> | null = null,
): Check[] {
	if (products.size === 0) return [];
	const services = serviceChecks(products, ownSlugs, fingerprints);
	return [systemCheck(products), guessCheck(products), ...services];
}

/** What the host says of itself after a login. */
function systemCheck(products: ProductTable): Check {
	const onHost = (record: EvidenceRecord, now: number, host: HostFacts | null): Verdict => {
		if (record.kind !== "system") return clear;
		const { os } = record.data;
		if (os === null) return undecided("the host did not say which system it is");
		const found = products.ofSystem(os);
		if (found === null) return undecided(`nobody says until when ${os.name} is supported`);
		const installed = host?.newest("packages", record.address)?.data.packages ?? null;
		// What Ubuntu Pro brings says so in its version.
		const isEnrolled = installed === null ? null : installed.some(({ version }) => version.includes("esm"));
		return verdictOn(found.product, found.version, now, `${os.name}, as the host says`, isEnrolled);
	};
	return check(signatureOf("operating-system", "system", "confirmed", texts.system), onHost);
}

/** What its services give away; a login settles it. */
function guessCheck(products: ProductTable): Check {
	const onHost = (record: EvidenceRecord, now: number, host: HostFacts | null): Verdict => {
		if (record.kind !== "host" || record.data.os === null) return clear;
		if (host?.newest("system", record.address) != null) return clear;
		const { name, basis } = record.data.os;
		const found = products.ofGuess(name);
		if (found === null) return undecided(`nobody says until when ${name} is supported`);
		return verdictOn(found.product, found.version, now, `${name} is a guess: ${basis}`);
	};
	return check(signatureOf("guessed-system", "host", "potential", texts.guess), onHost);
}

/** Kinds of services that name their software, with the number of the check on each: never changed. */
const serviceNumbers = {
	...{ http: 102_010, ssh: 102_011, smtp: 102_012, imap: 102_013, pop3: 102_014, ftp: 102_015, ldap: 102_016 },
	...{ dns: 102_017, mysql: 102_018, redis: 102_019, elasticsearch: 102_020 },
} as const satisfies Partial<Record<Kind, number>>;
const numbers: Readonly<Record<string, number>> = {
	"operating-system": 102_000,
	"guessed-system": 102_001,
	...serviceNumbers,
};

function serviceChecks(
	products: ProductTable,
	ownSlugs: ReadonlySet<string>,
	fingerprints: Pick<Fingerprints, "recognise"> | null,
): Check[] {
	return (Object.keys(serviceNumbers) as (keyof typeof serviceNumbers)[]).map((kind) => {
		const judge = ({ name, cpe, version, words }: Software, now: number): Verdict => {
			const product = products.find(name, cpe);
			if (product === null || product.category === "os" || ownSlugs.has(product.slug)) return clear;
			if (version === null) return undecided("the service does not tell its version");
			const verdict = verdictOn(product, version, now, `By its banner: ${words}`);
			return verdict.matched === true && namesDistribution(words)
				? undecided("the banner names a distribution's package, which is maintained by it")
				: verdict;
		};
		const onHost = (record: EvidenceRecord, now: number): Verdict => {
			const verdicts = softwareOf(record, fingerprints).map((software) => judge(software, now));
			const open = verdicts.find(({ matched }) => matched === true) ?? verdicts.find(({ matched }) => matched === null);
			return open ?? clear;
		};
		return check(signatureOf(kind, kind, "potential", texts.service), onHost);
	});
}

interface Software {
	readonly name: string;
	/** `vendor:product`. */
	readonly cpe: string | null;
	readonly version: string | null;
	/** What it is read from. */
	readonly words: string;
}

/** What the probe read, and what fingerprints read besides. */
function softwareOf(record: EvidenceRecord, fingerprints: Pick<Fingerprints, "recognise"> | null): Software[] {
	const found: Software[] = [];
	if ("product" in record.data && record.data.product !== null) {
		const { product, version, info } = record.data;
		const words = [product, version, info].filter((word) => word !== null).join(" ");
		found.push({ name: product, cpe: null, version, words });
	}
	for (const { fields, text } of fingerprints?.recognise(record) ?? []) {
		for (const layer of ["service", "service.component"]) {
			const name = fields.get(`${layer}.product`);
			if (name === undefined) continue;
			const cpe = /^cpe:(?:2\.3:|\/)a:([^:]+:[^:]+)/.exec(fields.get(`${layer}.cpe23`) ?? "")?.[1] ?? null;
			found.push({ name, cpe, version: fields.get(`${layer}.version`) ?? null, words: text.slice(0, 200) });
		}
	}
	return found;
}

function verdictOn(
	product: KnownProduct,
	version: string,
	now: number,
	seen: string,
	isEnrolled: boolean | null = null,
): Verdict {
	const cycle = cycleOf(product, version);
	if (cycle === null) return undecided(`nobody says until when ${product.label} ${version} is supported`);
	const { state, told } = supportOf(product, cycle, now, isEnrolled);
	if (state === "unknown") return undecided(`nobody says until when ${product.label} ${cycle.name} is supported`);
	if (state === "supported") return clear;
	const result = `${told}\n${seen}.\nSays endoflife.date (feed ${product.feed}): https://endoflife.date/${product.slug}`;
	return { matched: true, result, problem: "", ...(state === "extended" ? { severity: 3 } : {}) };
}

function undecided(problem: string): Verdict {
	return { matched: null, result: "", problem };
}

function check(
	signature: Signature,
	onHost: (record: EvidenceRecord, now: number, host: HostFacts | null) => Verdict,
): Check {
	return { signature, kind: signature.kind as Kind, onHost, evaluate: (record, now) => onHost(record, now, null) };
}

interface Texts {
	readonly title: string;
	readonly match: string;
	readonly description: string;
}

const unmended = "Flaws found from then on are not mended for it, and nobody announces them for this version either.";
const texts = {
	system: {
		title: "Operating system - release no longer maintained",
		match: "os-release names a release whose support is over, by a feed of support dates",
		description: `The release that is installed gets no security updates any more, or only with a subscription. ${unmended}`,
	},
	guess: {
		title: "Operating system - release no longer maintained, by what services say",
		match: "the guessed system is a release whose support is over, by a feed of support dates",
		description: `What the services say points to a release without security updates. ${unmended} A login tells for sure.`,
	},
	service: {
		title: "Service - version no longer maintained",
		match: "product and version in the banner are of a cycle whose support is over, by a feed of support dates",
		description: `The banner names a version that its makers no longer maintain. ${unmended} A package that a distribution maintains by itself would be reported wrongly where the banner does not name it.`,
	},
} as const satisfies Record<string, Texts>;

function signatureOf(
	name: string,
	kind: Kind,
	type: Signature["type"],
	{ title, match, description }: Texts,
): Signature {
	return {
		...{ id: `${endOfLifeFolder}${name}`, qid: numbers[name] ?? 0, aliases: [], title, type, kind, match, description },
		...{ severity: kind === "system" ? 5 : 4, category: "end-of-life", cvss: null, cves: [], cwes: ["CWE-1104"] },
		pci: { fail: true, reason: "end-of-life" },
		solution: "Upgrade to a version that is maintained, or enrol in the extended support where there is one.",
		references: ["https://endoflife.date/"],
	};
}
