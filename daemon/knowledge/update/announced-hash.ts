/** Hashes that go with a download: in a file beside it, or in the headers of the answer. */
import type { IncomingHttpHeaders } from "node:http";
import { FetchFailure } from "./fetch-failure.ts";
import { type GetOptions, httpGet } from "./http-get.ts";

export interface Announced {
	/** RFC 9530, `Repr-Digest`; hexadecimal. */
	readonly sha256: string | null;
	/** Google Cloud Storage says it so, where OSV lies. Good against accidents only. */
	readonly md5: string | null;
}

export function announcedOf(headers: IncomingHttpHeaders): Announced {
	const all = (name: string) => [headers[name] ?? []].flat().join(",");
	const sha256 = /\bsha-256=:([A-Za-z0-9+/]{43}=):/.exec(all("repr-digest"))?.[1];
	const md5 = /\bmd5=([A-Za-z0-9+/]{22}==)/.exec(all("x-goog-hash"))?.[1];
	return { sha256: hexOf(sha256), md5: hexOf(md5) };
}

function hexOf(base64: string | undefined): string | null {
	return base64 === undefined ? null : Buffer.from(base64, "base64").toString("hex");
}

const longestList = 1 << 20;

/** The published SHA-256 of the file at `url`: on the line that has its name, else the only one there is. Throws FetchFailure. */
export async function wantedSha256(listUrl: string, url: string, options: GetOptions): Promise<string> {
	const { status, body, url: asked } = await httpGet(listUrl, options);
	const chunks: Buffer[] = [];
	try {
		if (status !== 200) {
			throw new FetchFailure(`${asked.host} answers ${status} for the file's published hash.`, {
				...{ hint: "Check the address of the hash: vedette knowledge sources", mayPass: status >= 500 },
			});
		}
		let bytes = 0;
		for await (const chunk of body as AsyncIterable<Buffer>) {
			bytes += chunk.length;
			if (bytes > longestList) break;
			chunks.push(chunk);
		}
	} finally {
		body.destroy();
	}
	const found = findSha256(Buffer.concat(chunks).toString("utf8"), new URL(url).pathname.split("/").at(-1) ?? "");
	if (found !== null) return found;
	throw new FetchFailure(`${asked.href} has no SHA-256 of the file.`, {
		hint: "It is to be as sha256sum writes it: the hash, then the file's name.",
	});
}

/** In a text as sha256sum(1) writes it, with or without names. Null when it is not there, or not clearly. */
function findSha256(text: string, name: string): string | null {
	const lines = text.split("\n").flatMap((line) => {
		const hash = /(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])/.exec(line)?.[0];
		return hash === undefined ? [] : [{ hash: hash.toLowerCase(), words: line.split(/[\s()*=:/]+/) }];
	});
	const named = lines.find(({ words }) => words.includes(name));
	if (named !== undefined) return named.hash;
	return lines.length === 1 ? (lines[0]?.hash ?? null) : null;
}

/** Throws FetchFailure when what came is not what was announced. */
export function refuseWrong(
	found: { readonly sha256: string; readonly md5: string },
	wanted: Announced & { readonly published: string | null },
	host: string,
): void {
	const wrong = (kind: string, is: string, should: string | null) => {
		if (should === null || is === should) return;
		throw new FetchFailure(`What came from ${host} is not what was published: its ${kind} is ${is}, not ${should}.`, {
			hint: "Nothing of it was kept. Update again; if it stays so, somebody on the way or at the source has changed it.",
		});
	};
	wrong("SHA-256", found.sha256, wanted.published);
	wrong("SHA-256", found.sha256, wanted.sha256);
	wrong("MD5", found.md5, wanted.md5);
}
