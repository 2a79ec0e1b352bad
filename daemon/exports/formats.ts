/** Every format, one line each: who writes it, and in which order it wants the findings. */
import type { ExportFormat } from "../../protocol/model/export.ts";
import type { PickOrder } from "../store/picked-findings.ts";
import type { ExportSource } from "./export-source.ts";
import { writeCsaf } from "./write-csaf.ts";
import { writeCsv } from "./write-csv.ts";
import { writeJson, writeJsonLines } from "./write-json.ts";
import { writeOcsf } from "./write-ocsf.ts";
import { writeOpenVex } from "./write-openvex.ts";
import { writeSarif } from "./write-sarif.ts";

/** Text by pieces of any size, joined as they come. */
type Writer = (source: ExportSource) => Generator<string>;

const writers: Readonly<Record<ExportFormat, { readonly write: Writer; readonly order: PickOrder }>> = {
	csv: { write: writeCsv, order: "asset" },
	json: { write: writeJson, order: "asset" },
	jsonl: { write: writeJsonLines, order: "asset" },
	sarif: { write: writeSarif, order: "asset" },
	openvex: { write: writeOpenVex, order: "signature" },
	csaf: { write: writeCsaf, order: "signature" },
	ocsf: { write: writeOcsf, order: "asset" },
};

export function writerOf(format: ExportFormat): { readonly write: Writer; readonly order: PickOrder } {
	return writers[format];
}
