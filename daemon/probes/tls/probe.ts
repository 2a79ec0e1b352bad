/** TLS from the first byte or after STARTTLS: which versions and ciphers a server accepts, which certificate it shows. */
import type { DataOf } from "../../evidence/record.ts";
import { failureOf } from "../failure.ts";
import type { Learned, Probe, ProbeContext } from "../probe.ts";
import { clientHello, generalHello } from "./build.ts";
import { describeChain } from "./certificate.ts";
import { commonCiphers } from "./ciphers.ts";
import { enumerateTls } from "./enumerate.ts";
import { shakeHands } from "./handshake.ts";
import { parseAlert, parseRecordHeader } from "./parse.ts";
import { type Peeked, peek } from "./peek.ts";

/** Ports where nothing but TLS is expected from the first byte. */
const ports = [
	443, 465, 563, 614, 636, 853, 989, 990, 992, 993, 994, 995, 2083, 2087, 2096, 2376, 3269, 4443, 5061, 5671, 5986,
	6443, 6514, 6697, 7443, 8443, 8883, 9443, 10443,
];
const httpProtocols = ["h2", "http/1.1"];

export const probe: Probe = {
	name: "tls",
	transport: "tcp",
	ports,
	speaksFirst: "client",
	hello: ({ hostname }) => generalHello(hostname, commonCiphers),
	recognise,
	talk,
};

/** A ServerHello is certain; an alert nearly so. */
function recognise(bytes: Buffer): number {
	const header = parseRecordHeader(bytes);
	if (header === null) return 0;
	const body = bytes.subarray(5, 5 + header.length);
	if (header.type === "handshake") return body[0] === 2 ? 1 : 0;
	return header.type === "alert" && parseAlert(body) !== null ? 0.95 : 0;
}

async function talk(context: ProbeContext): Promise<Learned> {
	const about = { starttls: context.starttls ?? null, hostname: context.hostname };
	const found = await enumerateTls(context);
	// STARTTLS servers negotiate no protocol inside.
	const offer = about.starttls === null ? httpProtocols : [];
	const peeked = found.certificates.length > 0 ? null : await peekQuietly(context, offer);
	const { ciphers } = found.data;
	const tls: DataOf<"tls"> = {
		...about,
		...found.data,
		alpn: peeked?.alpn ?? (offer.length > 0 ? await alpnOf(context, ciphers) : null),
	};
	const shown = peeked?.certificates ?? found.certificates;
	const certificate = describeChain(shown, { ...about, now: context.now() });
	const complete = found.complete && (certificate !== null || ciphers.every((cipher) => cipher.anonymous));
	const lesson = { kind: "tls", data: tls, complete } as const;
	return certificate === null ? [lesson] : [lesson, { kind: "certificate", data: certificate }];
}

/** Null when the handshake with node:tls does not come about: what was enumerated stands without it. */
async function peekQuietly(context: ProbeContext, alpn: readonly string[]): Promise<Peeked | null> {
	try {
		return await peek(context, alpn);
	} catch (error) {
		if (failureOf(error).reason === "aborted") throw error;
		return null;
	}
}

/** What the server picks of the protocols offered, asked in its best version before TLS 1.3. */
async function alpnOf(context: ProbeContext, ciphers: DataOf<"tls">["ciphers"]): Promise<string | null> {
	const version = ciphers.findLast((cipher) => cipher.version !== "TLSv1.3" && cipher.version !== "SSLv3")?.version;
	if (version === undefined) return null;
	const offered = ciphers.filter((cipher) => cipher.version === version).map((cipher) => cipher.id);
	const hello = clientHello({ version, ciphers: offered, hostname: context.hostname, alpn: httpProtocols });
	const answer = await shakeHands(context.dial, hello, false);
	return answer.kind === "accepted" ? answer.hello.alpn : null;
}
