/** What every format is written from: findings one after the other, their signatures, and what is to be said of the export itself. */
import type { DatabaseSync } from "node:sqlite";
import type { ExportFormat, FindingDecision } from "../../protocol/model/export.ts";
import type { Finding } from "../../protocol/model/finding.ts";
import type { Signature } from "../../protocol/model/signature.ts";
import { decisionsOn } from "../store/finding-decisions.ts";
import type { Where } from "../store/page.ts";
import { assetName, type PickedFinding, pickFindings, readPicked } from "../store/picked-findings.ts";
import { findStoredSignature } from "../store/signatures.ts";
import { assetUid, findingUid } from "./identifiers.ts";

export interface ExportMeta {
	readonly format: ExportFormat;
	/** The inventory's own identifier (store/installation.ts). */
	readonly installation: string;
	/** Of this program. */
	readonly version: string;
	/** When it was asked for. Milliseconds. */
	readonly at: number;
	/** What was asked for, in the query language. */
	readonly filter: string;
	/** Who says all this, for formats that want to know. */
	readonly author: string;
	/** URI of whoever says it. */
	readonly namespace: string;
}

export interface ExportRow extends Finding {
	readonly uid: string;
	readonly assetUid: string;
	readonly decision: FindingDecision | null;
}

const pageRows = 500;

/** To be read once. */
export class ExportSource {
	readonly meta: ExportMeta;
	readonly total: number;
	/** Written so far. */
	rows = 0;
	readonly #db: DatabaseSync;
	readonly #assets = new Map<number, string>();

	constructor(db: DatabaseSync, meta: ExportMeta, where: Where | null) {
		this.#db = db;
		this.meta = meta;
		this.total = pickFindings(db, where);
	}

	/** Settled as to be written, and gone since: purged, or merged with others. Known at the end. */
	get gone(): number {
		return this.total - this.rows;
	}

	*findings(): Generator<ExportRow> {
		for (let after = 0; after < this.total; after += pageRows) {
			for (const row of this.#rowsOf(readPicked(this.#db, after, pageRows))) {
				this.rows++;
				yield row;
			}
		}
	}

	/** As it was last judged with. */
	signature(name: string): Signature | null {
		return findStoredSignature(this.#db, name);
	}

	/** An asset's name, and what it is called in every export. */
	asset(id: number): { readonly uid: string; readonly name: string } {
		return { uid: this.#assetUid(id), name: assetName(this.#db, id) ?? "" };
	}

	#rowsOf(page: readonly PickedFinding[]): ExportRow[] {
		const { installation } = this.meta;
		const decisions = decisionsOn(
			this.#db,
			page.map(({ finding }) => finding),
		);
		return page.map(({ finding }) => ({
			...{ uid: findingUid(installation, finding.id), assetUid: this.#assetUid(finding.asset.id), ...finding },
			decision: decisions.get(finding.id) ?? null,
		}));
	}

	#assetUid(id: number): string {
		const known = this.#assets.get(id);
		if (known !== undefined) return known;
		if (this.#assets.size > 10_000) this.#assets.clear();
		const made = assetUid(this.meta.installation, id);
		this.#assets.set(id, made);
		return made;
	}
}
