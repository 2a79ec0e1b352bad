/** A bundle that was looked into, in words: what it brings, who signed it, and whether it would be taken in. Pure. */
import type { InspectedBundle } from "../../protocol/model/knowledge-bundle.ts";
import { count, plural } from "./format.ts";
import { bytesText } from "./update-words.ts";

const signatureWords: Record<InspectedBundle["signature"], string> = {
	good: "good",
	"key-not-trusted": "of a key that is not trusted here",
	wrong: "WRONG: it was changed",
	unsigned: "none",
};

/** For both: the console shows them as they are printed. */
export function bundleLines({ hash, manifest, signature, why }: InspectedBundle): string[] {
	const { createdAt, by, base, state, previous, feeds, payload, key } = manifest;
	return [
		`Bundle ${hash}`,
		`  made       ${createdAt.slice(0, 16).replace("T", " ")} UTC by ${by}, ${bytesText(payload.bytes)}`,
		`  signature  ${signatureWords[signature]}: "${key.name}" (${key.id})`,
		`  brings     ${state.slice(0, 12)}${base === null ? ", alone" : `, going on from ${base.slice(0, 12)}`}`,
		...(previous === null ? [] : [`  follows    ${previous.slice(0, 12)}`]),
		...feeds.map(({ name, records, added, gone, before, digest }) => {
			if (before === digest) return `  ${name}: ${plural(records, "record")}, nothing new`;
			return `  ${name}: ${plural(records, "record")}, ${before === null ? "all of it" : `${count(added)} new lines, ${count(gone)} gone`}`;
		}),
		why === null ? "It fits: vedette knowledge import FILE" : `It would not be taken in: ${why}`,
	];
}
