/** What is said of an asset that scans looked for and did not find. Pure. */
import type { AssetDetail } from "../../protocol/model/asset.ts";
import { plural, when } from "./format.ts";

/** Empty when it was not missed. */
export function missedWords(missed: AssetDetail["missed"]): string {
	if (missed === undefined || missed.scans === 0) return "";
	const times = missed.scans === 1 ? "by the last scan that looked" : `by ${plural(missed.scans, "scan")} in a row`;
	return missed.closedAt === null ? times : `${times}; its findings were closed for that ${when(missed.closedAt)}`;
}
