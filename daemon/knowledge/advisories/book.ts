/** The knowledge base in force as verdicts need it: hosts judged, advisories as signatures, and what they rest on. */
import { createHash } from "node:crypto";
import type { Signature } from "../../../protocol/model/signature.ts";
import type { DataOf } from "../../evidence/record.ts";
import { advisoryFolder, advisorySignature, type Urgency, urgencyOf } from "./advisory-signature.ts";
import type { FeedStatus, KnowledgeBase, KnownAdvisory } from "./base.ts";
import { type HostVerdicts, judgeHost } from "./host-verdicts.ts";
import { PackageJudge } from "./match.ts";

export interface AdvisorySignature {
	readonly signature: Signature;
	readonly urgency: Urgency;
}

/** Raised when the way of judging packages changes, so that all are judged again. */
export const bookRevision = 4;

/** Source packages of which it is remembered what is said. */
const mostSources = 2_000;

/** To be let go of with its base. */
export class AdvisoryBook {
	readonly base: KnowledgeBase;
	/** Over everything the feeds say. */
	readonly version: string;
	readonly feeds: readonly FeedStatus[];
	readonly judge: PackageJudge;
	readonly #signatures = new Map<number, AdvisorySignature>();
	readonly #cves = new Map<string, ReadonlySet<string>>();

	constructor(base: KnowledgeBase) {
		this.base = base;
		this.feeds = base.feeds();
		this.judge = new PackageJudge(base);
		const said = this.feeds.map(({ name, digest }) => `${name} ${digest}`).join("\n");
		this.version = createHash("sha256").update(`${bookRevision}\n${said}`).digest("hex").slice(0, 16);
	}

	judgeHost(system: DataOf<"system"> | null, packages: DataOf<"packages">): HostVerdicts {
		return judgeHost(system, packages, this.judge);
	}

	/** Of an advisory that a verdict is by. */
	signatureOf(advisory: KnownAdvisory): AdvisorySignature {
		const known = this.#signatures.get(advisory.id);
		if (known !== undefined) return known;
		const urgency = this.urgencyOf(advisory.cves);
		const details = advisory.cves.flatMap((cve) => this.base.details(cve));
		const made = { signature: advisorySignature(advisory, urgency, details), urgency };
		this.#signatures.set(advisory.id, made);
		return made;
	}

	/** By a signature's id; null when no feed has the advisory. */
	findSignature(id: string): AdvisorySignature | null {
		if (!id.startsWith(advisoryFolder)) return null;
		const advisory = this.base.named(id.slice(advisoryFolder.length));
		return advisory === null ? null : this.signatureOf(advisory);
	}

	urgencyOf(cves: readonly string[]): Urgency {
		return urgencyOf(cves.map((cve) => this.base.cve(cve)));
	}

	/** The source packages, among those given, of which the vendor says something about every one of these CVEs. */
	decides(cves: readonly string[], ecosystems: readonly string[], sources: readonly string[]): boolean {
		const said = ecosystems.flatMap((ecosystem) => sources.map((source) => this.#cvesOf(ecosystem, source)));
		return cves.every((cve) => said.some((one) => one.has(cve)));
	}

	/** Of which the vendor says something for this source package. Hosts of a network ask of the same few. */
	#cvesOf(ecosystem: string, source: string): ReadonlySet<string> {
		const key = `${ecosystem}\n${source}`;
		const known = this.#cves.get(key);
		if (known !== undefined) return known;
		const advisories = new Set(this.base.rangesOf(ecosystem, source).map(({ advisory }) => advisory));
		const made = new Set([...advisories].flatMap((id) => this.base.advisory(id)?.cves ?? []));
		if (this.#cves.size >= mostSources) this.#cves.clear();
		this.#cves.set(key, made);
		return made;
	}
}
