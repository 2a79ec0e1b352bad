/** What nmap's scripts say: their output as it is, and of a few what a machine is recognised by. Pure. */
import { fingerprintOfBlob } from "../../protocol/ssh/public-key.ts";
import { strictBase64 } from "../../protocol/ssh/reader.ts";
import type { DataOf } from "../evidence/record.ts";
import { childrenOf, type XmlElement } from "../xml/element.ts";
import { longestOutput } from "./scan-file.ts";

const mostScripts = 200;
const mostKeys = 20;

/** Of a port, or of what stands before and after the host's ports. */
export function scriptsOf(element: XmlElement): DataOf<"nmap">["scripts"] {
	return childrenOf(element, "script")
		.slice(0, mostScripts)
		.map(({ attributes }) => ({
			id: attributes.get("id")?.slice(0, 100) ?? "",
			output: attributes.get("output")?.slice(0, longestOutput) ?? "",
		}));
}

/** By the script ssh-hostkey, which prints a digest nobody uses any more, and the key itself beside it. */
export function hostKeysOf(port: XmlElement): DataOf<"nmap">["hostKeys"] {
	const scripts = childrenOf(port, "script").filter(({ attributes }) => attributes.get("id") === "ssh-hostkey");
	const tables = scripts.flatMap((script) => childrenOf(script, "table")).slice(0, mostKeys);
	return tables.flatMap((table) => {
		const word = (key: string) =>
			childrenOf(table, "elem")
				.find(({ attributes }) => attributes.get("key") === key)
				?.text.trim() ?? "";
		const text = word("key");
		const blob = text.length > 0 && text.length < 8_192 ? strictBase64(text) : null;
		return blob === null || blob.length < 16
			? []
			: [{ type: word("type").slice(0, 100), fingerprint: fingerprintOfBlob(blob) }];
	});
}

/** By the script nbstat: `NetBIOS name: FILES, NetBIOS user: …`. */
export function netbiosOf(scripts: DataOf<"nmap">["scripts"]): string | null {
	const output = scripts.find(({ id }) => id === "nbstat")?.output ?? "";
	return /\bNetBIOS name: ([\x21-\x7e]{1,15}),/.exec(output)?.[1] ?? null;
}
