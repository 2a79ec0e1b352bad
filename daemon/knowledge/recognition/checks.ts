/** What fingerprints recognise, as information about each service. */
import type { Signature } from "../../../protocol/model/signature.ts";
import type { Kind } from "../../evidence/record.ts";
import type { Check } from "../knowledge.ts";
import type { Fingerprints, Recognition } from "./fingerprints.ts";
import type { RecognisedKind } from "./subjects.ts";

/** Numbers of the checks by kind: never changed. */
const numbers: Readonly<Record<RecognisedKind, number>> = {
	...{ ssh: 102_100, http: 102_101, smtp: 102_102, ftp: 102_103, imap: 102_104, pop3: 102_105 },
	...{ telnet: 102_106, dns: 102_107, mysql: 102_108, snmp: 102_109 },
};

export function recognitionChecks(fingerprints: Fingerprints): Check[] {
	return (Object.keys(numbers) as RecognisedKind[]).map((kind) => ({
		...{ signature: signatureOf(kind), kind },
		evaluate(record) {
			const told = fingerprints.recognise(record).flatMap((one) => wordsOf(one) ?? []);
			return { matched: told.length > 0, result: [...new Set(told)].join("\n"), problem: "" };
		},
	}));
}

/** `nginx nginx 1.18.0 (cpe:/a:nginx:nginx:1.18.0), by http_header.server: …`; null for what names no product at all. */
function wordsOf({ subject, text, fields }: Recognition): string | null {
	const layers = ["service", "service.component", "os", "hw"].flatMap((layer) => {
		const [vendor, product, version] = ["vendor", "product", "version"].map((name) => fields.get(`${layer}.${name}`));
		if (product === undefined) return [];
		const names =
			vendor === undefined || product.toLowerCase().startsWith(vendor.toLowerCase()) ? [product] : [vendor, product];
		const cpe = fields.get(`${layer}.cpe23`);
		return [[...names, ...(version === undefined ? [] : [version])].join(" ") + (cpe === undefined ? "" : ` (${cpe})`)];
	});
	if (layers.length === 0) return null;
	return `${[...new Set(layers)].join(", on ")}; by ${subject}: ${text.split(/\r?\n/, 1)[0]?.slice(0, 200)}`;
}

function signatureOf(kind: RecognisedKind & Kind): Signature {
	return {
		...{
			id: `software/${kind}`,
			qid: numbers[kind],
			aliases: [],
			title: "Service - software recognised by fingerprints",
		},
		...{ severity: 1, type: "information", category: "software", kind, cvss: null, cves: [], cwes: [] },
		pci: { fail: false, reason: "none" },
		description:
			"What answers was recognised by the fingerprints that were taken in. They know more products than the probes, and read vendor, product and version out of what a service says.",
		solution: "Nothing to repair.",
		references: ["https://github.com/rapid7/recog"],
		match: "one of the fingerprints fits what the service says of itself",
	};
}
