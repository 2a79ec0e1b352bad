/** One GET over HTTP: redirects followed within bounds, TLS unless told otherwise, through the environment's proxy. */
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { getCACertificates } from "node:tls";
import { FetchFailure, failureOf } from "./fetch-failure.ts";

export interface GetOptions {
	readonly headers?: Readonly<Record<string, string>>;
	/** Also without TLS; to 127.0.0.0/8, ::1 and localhost that is always allowed. */
	readonly allowHttp: boolean;
	/** Longest silence, before the answer and within it. Milliseconds. */
	readonly idleMs: number;
	readonly env: NodeJS.ProcessEnv;
}

export interface Answer {
	readonly url: URL;
	readonly status: number;
	readonly headers: IncomingMessage["headers"];
	/** To be read to its end or destroyed. */
	readonly body: IncomingMessage;
}

const mostRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

/** Throws FetchFailure. Any status that is no redirect is an answer. */
export async function httpGet(address: string, options: GetOptions): Promise<Answer> {
	let url = checked(address, options.allowHttp);
	const seen = new Set<string>();
	for (;;) {
		if (seen.has(url.href) || seen.size > mostRedirects) {
			throw new FetchFailure(
				seen.has(url.href)
					? `${url.host} sends in circles: ${url.href} leads back to itself.`
					: `${new URL(address).host} redirects more than ${mostRedirects} times.`,
				{ hint: "Check the address of the source: vedette knowledge sources" },
			);
		}
		seen.add(url.href);
		const body = await ask(url, options).catch((cause: unknown) => {
			throw failureOf(cause, url.host);
		});
		const status = body.statusCode ?? 0;
		const { location } = body.headers;
		if (!redirects.has(status) || location === undefined) return { url, status, headers: body.headers, body };
		body.destroy();
		const wasTls = url.protocol === "https:";
		url = checked(
			URL.canParse(location, url.href) ? new URL(location, url).href : location,
			options.allowHttp && !wasTls,
		);
	}
}

/** The address as a URL that may be asked. Throws FetchFailure with the reason. */
export function checked(address: string, allowHttp: boolean): URL {
	if (!URL.canParse(address)) throw new FetchFailure(`${address} is no address.`, { hint: example });
	const url = new URL(address);
	if (url.username !== "" || url.password !== "") {
		throw new FetchFailure(`The address at ${url.host} has a password in it.`, {
			hint: "Settings are not the place for secrets: use a mirror that asks for none, or carry the file over.",
		});
	}
	if (url.protocol === "https:") return url;
	if (url.protocol !== "http:") throw new FetchFailure(`${url.protocol} is no way to fetch.`, { hint: example });
	if (allowHttp || isLoopback(url.hostname)) return url;
	throw new FetchFailure(`${url.host} would be asked without TLS: anybody on the way could change what comes.`, {
		hint: "Use https, or say --allow-http where the way is your own.",
	});
}

const example = "For example: https://mirror.example.org/osv/Debian/all.zip, or file:///srv/feeds/debian.zip";

function isLoopback(hostname: string): boolean {
	return hostname === "localhost" || hostname === "[::1]" || /^127(\.[0-9]{1,3}){3}$/.test(hostname);
}

let authorities: string[] | undefined;

/** Node's own list and this machine's, so that a company's authority is trusted where the machine trusts it. */
function trusted(): string[] {
	authorities ??= [...new Set(["default", "system", "extra"].flatMap((kind) => getCACertificates(kind as "default")))];
	return authorities;
}

function ask(url: URL, { headers, idleMs, env }: GetOptions): Promise<IncomingMessage> {
	const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
	const tls = url.protocol === "https:";
	// A proxy on the way to this machine itself would be a surprise.
	const proxyEnv = isLoopback(url.hostname) ? {} : env;
	const agent = tls ? new TlsAgent({ proxyEnv, ca: trusted() }) : new PlainAgent({ proxyEnv });
	const sent = (tls ? tlsRequest : plainRequest)(url, {
		agent,
		timeout: idleMs,
		// What is packed on the way could not be gone on with in the middle.
		headers: { "user-agent": "vedette", accept: "*/*", "accept-encoding": "identity", ...headers },
	});
	const silent = () => sent.destroy(Object.assign(new Error("silence"), { code: "ETIMEDOUT" }));
	// The socket's own clock starts when there is one: a name server or a proxy may be silent before.
	const first = setTimeout(silent, idleMs);
	sent.on("timeout", silent);
	sent.on("error", reject);
	sent.on("response", (body) => {
		clearTimeout(first);
		resolve(body);
	});
	sent.on("close", () => {
		clearTimeout(first);
		agent.destroy();
	});
	sent.end();
	return promise;
}
