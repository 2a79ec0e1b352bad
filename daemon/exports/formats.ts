/** Every format, one line each: who writes it. */
import type { ExportFormat } from "../../protocol/model/export.ts";
import type { ExportSource } from "./export-source.ts";
import { writeCsaf } from "./write-csaf.ts";
import { writeCsv } from "./write-csv.ts";
import { writeJson, writeJsonLines } from "./write-json.ts";
import { writeOcsf } from "./write-ocsf.ts";
import { writeOpenVex } from "./write-openvex.ts";
import { writeSarif } from "./write-sarif.ts";

/** Text by pieces of any size, joined as they come; an empty one says that work goes on. */
type Writer = (source: ExportSource) => Generator<string>;

export const writers: Readonly<Record<ExportFormat, Writer>> = {
	csv: writeCsv,
	json: writeJson,
	jsonl: writeJsonLines,
	sarif: writeSarif,
	openvex: writeOpenVex,
	csaf: writeCsaf,
	ocsf: writeOcsf,
};
