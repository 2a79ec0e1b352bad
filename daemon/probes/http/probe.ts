/**
 * Talks to an HTTP server with a few dozen read-only requests over a kept connection: its first page and where that leads on
 * the same port, a made-up path, the icon, OPTIONS, and well-known paths. Elasticsearch behind it is a further lesson.
 */
import type { DataOf } from "../../evidence/record.ts";
import { learnElasticsearch } from "../elasticsearch/probe.ts";
import { type Learned, type Probe, type ProbeContext, ProbeFailure } from "../probe.ts";
import { acceptedCodings } from "./body.ts";
import { type Answer, HttpClient, hostOf, type Method, userAgent } from "./client.ts";
import { type Favicon, hashFavicon } from "./favicon.ts";
import {
	joinHeaders,
	looksLikeHttp,
	parseAuthSchemes,
	parseCookies,
	parseIconLink,
	parseMethods,
	parseTitle,
	samePath,
	textOf,
	valuesOf,
} from "./parse.ts";
import { canaryPath, wellKnownPaths } from "./paths.ts";
import { softwareOf } from "./software.ts";

const maxRedirects = 5;
const maxPageBytes = 128 * 1_024;
const maxIconBytes = 128 * 1_024;
const maxPathBytes = 16 * 1_024;
const storedBodyBytes = 8 * 1_024;
const excerptBytes = 512;
/** No further request after this long: what is known by then must be told before the caller's own deadline. */
const askingMs = 10_000;

type HttpData = DataOf<"http">;

export const probe: Probe = {
	name: "http",
	transport: "tcp",
	ports: [
		80, 443, 8080, 8443, 8000, 8008, 8081, 8888, 3000, 5000, 5601, 9000, 9090, 9200, 10000, 81, 591, 2480, 4443, 9443,
	],
	speaksFirst: "client",
	hello: ({ hostname, address }) =>
		Buffer.from(
			`GET / HTTP/1.1\r\nHost: ${hostOf(hostname ?? address)}\r\nUser-Agent: ${userAgent}\r\nAccept: */*\r\n\r\n`,
		),
	recognise: looksLikeHttp,
	talk,
};

async function talk(context: ProbeContext): Promise<Learned> {
	const client = new HttpClient(context);
	try {
		const { last, cookies, redirects, path } = await followRedirects(client);
		const rest = new Further(client, context);
		const canary = await rest.ask("GET", canaryPath, maxPathBytes);
		const page = textOf(last.body);
		const favicon = await findFavicon(rest, page, path, canary);
		const options = await rest.ask("OPTIONS", "/", maxPathBytes);
		const paths = await askPaths(rest, canary);
		const data: HttpData = {
			...softwareOf(last.head, canary && canary.head.status >= 400 ? textOf(canary.body) : ""),
			tls: context.tls,
			hostname: context.hostname,
			status: last.head.status,
			reason: last.head.reason,
			headers: joinHeaders(last.head),
			title: parseTitle(page),
			redirects,
			body: textOf(last.body.subarray(0, storedBodyBytes)),
			favicon,
			authSchemes: parseAuthSchemes(valuesOf(last.head, "www-authenticate")),
			methods: options ? parseMethods([...valuesOf(options.head, "allow"), ...valuesOf(options.head, "public")]) : [],
			cookies,
			answersEverything: canary?.head.status === 200,
			paths,
		};
		const search = await learnElasticsearch(rest, last, context.tls);
		const http = { kind: "http", data, complete: rest.answered } as const;
		return search ? [http, search] : [http];
	} finally {
		client.close();
	}
}

/** The first page and, while the server points to itself, the next ones. */
async function followRedirects(client: HttpClient) {
	const redirects: HttpData["redirects"] = [];
	const seen = new Set<string>();
	const cookies: string[] = [];
	let path = "/";
	let last = await client.ask("GET", path, maxPageBytes, acceptedCodings);
	for (;;) {
		seen.add(path);
		cookies.push(...valuesOf(last.head, "set-cookie"));
		const location = valuesOf(last.head, "location")[0];
		const { status } = last.head;
		const isRedirect = status >= 301 && status <= 308 && ![304, 305, 306].includes(status);
		const next = isRedirect && location ? samePath(location, client.origin + path) : null;
		if (next === null || seen.has(next) || redirects.length >= maxRedirects) break;
		redirects.push({ status, location: (location ?? "").slice(0, 2_000) });
		try {
			last = await client.ask("GET", next, maxPageBytes, acceptedCodings);
		} catch (err) {
			if (err instanceof ProbeFailure && err.reason !== "aborted") break;
			throw err;
		}
		path = next;
	}
	return { last, redirects, path, cookies: parseCookies(cookies) };
}

/**
 * Requests after the first page. One that gets silence leaves the record incomplete. One that gets hung up on does not:
 * some servers refuse a path that way. Three of either in a row, or too long a
 * time, end the asking, incomplete.
 */
export class Further {
	answered = true;
	#failures = 0;
	readonly #until: number;
	readonly #client: HttpClient;
	readonly #context: ProbeContext;

	constructor(client: HttpClient, context: ProbeContext) {
		this.#client = client;
		this.#context = context;
		this.#until = context.now() + askingMs;
	}

	get origin(): string {
		return this.#client.origin;
	}

	async ask(method: Method, path: string, maxBody: number): Promise<Answer | null> {
		if (this.#failures >= 3) return null;
		if (this.#context.now() > this.#until) {
			this.answered = false;
			return null;
		}
		try {
			const answer = await this.#client.ask(method, path, maxBody);
			this.#failures = 0;
			return answer;
		} catch (err) {
			if (!(err instanceof ProbeFailure) || this.#context.signal.aborted) throw err;
			this.#failures += 1;
			if (this.#failures >= 3 || (err.reason !== "closed" && err.reason !== "reset")) this.answered = false;
			return null;
		}
	}
}

async function findFavicon(
	client: Further,
	page: string,
	path: string,
	canary: Answer | null,
): Promise<Favicon | null> {
	const linked = parseIconLink(page);
	const tried = [linked === null ? null : samePath(linked, client.origin + path), "/favicon.ico"];
	for (const icon of new Set(tried)) {
		if (icon === null) continue;
		const answer = await client.ask("GET", icon, maxIconBytes);
		if (answer && isIcon(answer) && !(canary && isSame(answer, icon, canary))) return hashFavicon(answer.body);
	}
	return null;
}

/** A page that says "not found" in its own way is no icon. */
function isIcon({ head, body, whole }: Answer): boolean {
	if (head.status !== 200 || body.length === 0 || !whole) return false;
	return !/html|json|text\/plain/i.test(valuesOf(head, "content-type")[0] ?? "") || body.readUInt8(0) === 0;
}

/** What well-known paths answered, leaving out those that got just what the made-up path got. */
async function askPaths(client: Further, canary: Answer | null): Promise<HttpData["paths"]> {
	const paths: HttpData["paths"] = [];
	for (const path of wellKnownPaths) {
		const answer = await client.ask("GET", path, maxPathBytes);
		if (!answer || ![200, 401, 403].includes(answer.head.status)) continue;
		if (canary && isSame(answer, path, canary)) continue;
		paths.push({
			path,
			status: answer.head.status,
			contentType: valuesOf(answer.head, "content-type")[0] ?? null,
			length: answer.length,
			excerpt: excerptOf(answer.body),
		});
	}
	return paths;
}

/** The first bytes as text. Of a private key only the line that says it is one: we are no place to keep it. */
function excerptOf(body: Buffer): string {
	const text = textOf(body.subarray(0, excerptBytes));
	return text.replace(/(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----).*$/s, "$1");
}

/** The same answer but for the path in it: a page for everything, or a login before everything. */
function isSame(answer: Answer, path: string, canary: Answer): boolean {
	if (answer.head.status !== canary.head.status) return false;
	const plain = (body: Buffer, asked: string) => textOf(body).replaceAll(asked, "").replaceAll(asked.slice(1), "");
	return plain(answer.body, path) === plain(canary.body, canaryPath);
}
