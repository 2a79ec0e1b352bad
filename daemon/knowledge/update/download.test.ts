/** Downloads from a real server that cuts, lies, wanders and breaks down. */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DownloadProgress, type DownloadRequest, discard, download, settle } from "./download.ts";
import { cutAfter, FeedServer, status } from "./feed-server.test-support.ts";

let [folder, server]: [string, FeedServer] = ["", undefined as unknown as FeedServer];
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "vedette-download-"));
	server = await FeedServer.start();
});
afterEach(async () => {
	await server.stop();
	rmSync(folder, { recursive: true });
});

const body = Buffer.from(Array.from({ length: 50_000 }, (_, i) => i % 251));
const sha256 = createHash("sha256").update(body).digest("hex");

function fetchIt(change: Partial<DownloadRequest> = {}, onProgress: (progress: DownloadProgress) => void = () => {}) {
	return download(
		{
			...{ source: "feed", urls: [server.url("/feed.zip")], sha256Url: null, held: null, folder, env: {} },
			...{ allowHttp: false, limits },
			...change,
		},
		(progress) => {
			onProgress(progress);
			if (progress.bytes === cut.at) cut.now();
		},
	);
}

/** What has come is written down by then: a stream that breaks may lose what it holds. */
const cut = { at: -1, now: () => {} };
function cutAt(bytes: number, etag: string) {
	const { promise, resolve } = Promise.withResolvers<void>();
	Object.assign(cut, { at: bytes, now: resolve });
	return cutAfter(bytes, etag, promise);
}

const limits = { mostBytes: 1 << 20, idleMs: 60_000, attempts: 3, mostAttempts: 9, mostMs: 600_000, backoffMs: 1 };
const once = { ...limits, attempts: 1, mostAttempts: 1 };

describe("what comes", () => {
	it("is all of it, and the next time only whether it has changed", async () => {
		server.serve("/feed.zip", body);
		const first = await fetchIt();
		expect(first).toMatchObject({ bytes: body.length, sha256 });
		expect(readFileSync(first.path ?? "")).toEqual(body);
		// Not yet taken in: what lies here is what is offered.
		expect(await fetchIt()).toMatchObject({ path: first.path, sha256 });
		settle({ folder, source: "feed" }, "taken");
		expect(existsSync(first.path ?? "")).toBe(false);
		expect(await fetchIt({ held: "taken" })).toMatchObject({ path: null });
		expect(server.log.map((line) => line.split(" ")[1])).toEqual(["200", "304", "304"]);
		// The base was rolled back or lost: it is wanted again.
		expect(await fetchIt({ held: "another" })).toMatchObject({ bytes: body.length });
		discard({ folder, source: "feed" });
		expect(await fetchIt()).toMatchObject({ bytes: body.length });
	});

	it("goes on where it was cut off, again and again", async () => {
		const etag = '"one"';
		server.serve("/feed.zip", body, { etag, faults: [cutAt(20_000, etag)] });
		const seen: DownloadProgress[] = [];
		expect(await fetchIt({}, (progress) => seen.push(progress))).toMatchObject({ bytes: body.length, sha256 });
		expect(server.log).toEqual(["/feed.zip 200", "/feed.zip 206 bytes=20000-"]);
		expect(seen.at(-1)).toMatchObject({ resumedFrom: 20_000, bytes: 50_000, totalBytes: 50_000, attempt: 2 });
		expect(seen.at(-1)?.trouble).toMatch(/cut|broke off/);
	});

	it("goes on in another run, as after a kill", async () => {
		const etag = '"one"';
		server.serve("/feed.zip", body, { etag, faults: [cutAt(30_000, etag)] });
		await expect(fetchIt({ limits: once })).rejects.toThrow(/cut|broke off/);
		expect(await fetchIt()).toMatchObject({ bytes: body.length, sha256 });
		expect(server.log.at(-1)).toBe("/feed.zip 206 bytes=30000-");
	});

	it.each([
		["the file has changed in between", { etag: '"two"' }],
		["the server knows no ranges", { etag: '"one"', ranges: false }],
	])("begins anew when %s", async (_, then) => {
		server.serve("/feed.zip", Buffer.alloc(50_000, 7), { faults: [cutAt(20_000, '"one"')] });
		await expect(fetchIt({ limits: once })).rejects.toThrow();
		server.serve("/feed.zip", body, then);
		expect(await fetchIt()).toMatchObject({ bytes: body.length, sha256 });
	});

	it("comes from a mirror when the first address fails, or from this machine", async () => {
		server.serve("/mirror.zip", body);
		const urls = [server.url("/feed.zip"), server.url("/mirror.zip")];
		expect(await fetchIt({ urls })).toMatchObject({ url: urls[1], sha256 });
		const path = join(folder, "local.zip");
		writeFileSync(path, body);
		expect(await fetchIt({ urls: [pathToFileURL(path).href] })).toMatchObject({ path, bytes: body.length });
		await expect(fetchIt({ urls: ["file:///none/such"] })).rejects.toThrow("/none/such is not there");
	});
});

describe("what goes wrong", () => {
	it("may pass: it is tried again, as long as the server asks to wait", async () => {
		server.serve("/feed.zip", body, { faults: [status(503, { "retry-after": "0" }), status(429)] });
		expect(await fetchIt()).toMatchObject({ sha256 });
		server.serve("/feed.zip", body, { faults: Array(9).fill(status(500)) });
		discard({ folder, source: "feed" });
		await expect(fetchIt()).rejects.toThrow(/127.0.0.1:[0-9]+ answers 500 Internal Server Error/);
		expect(server.log.filter((line) => line.includes(" 500"))).toHaveLength(3);
	});

	it("is named when it does not pass", async () => {
		await expect(fetchIt()).rejects.toThrow(/answers 404 Not Found for \/feed.zip/);
		expect(server.log).toHaveLength(1);
		server.serve("/feed.zip", "", { faults: Array(9).fill(status(302, { location: "/feed.zip" })) });
		await expect(fetchIt()).rejects.toThrow(/in circles/);
		for (let i = 0; i < 9; i++) server.serve(`/${i}`, "", { faults: [status(302, { location: `/${i + 1}` })] });
		await expect(fetchIt({ urls: [server.url("/0")] })).rejects.toThrow(/redirects more than 5 times/);
		const urls = [server.url("/feed.zip")];
		await server.stop();
		await expect(fetchIt({ urls })).rejects.toThrow(/refuses the connection \(ECONNREFUSED\)/);
		server = await FeedServer.start();
	});

	it.each([
		["http://198.51.100.7/feed.zip", /without TLS/],
		["ftp://127.0.0.1/feed.zip", /no way to fetch/],
		["http://name:secret@127.0.0.1/feed.zip", /has a password in it/],
		["nonsense", /is no address/],
	])("%s is not even asked", async (url, why) => {
		await expect(fetchIt({ urls: [url] })).rejects.toThrow(why);
		await expect(fetchIt({ urls: [url] })).rejects.not.toThrow("secret");
	});

	it("does not leave TLS behind on the way", async () => {
		server.serve("/feed.zip", "", { faults: [status(301, { location: "http://198.51.100.7/feed.zip" })] });
		await expect(fetchIt()).rejects.toThrow(/198.51.100.7 would be asked without TLS/);
	});

	it("is too large, by what it says or by what comes", async () => {
		server.serve("/feed.zip", body);
		await expect(fetchIt({ limits: { ...limits, mostBytes: 1_000 } })).rejects.toThrow(/more than the 1000 bytes/);
		server.serve("/feed.zip", "", {
			faults: [(_, response) => void response.writeHead(200).end(Buffer.alloc(100_000))],
		});
		await expect(fetchIt({ limits: { ...limits, mostBytes: 1_000 } })).rejects.toThrow(/more than the 1000 bytes/);
		expect(existsSync(join(folder, "feed.part"))).toBe(false);
	});

	it("is a server that goes silent or drips", async () => {
		const silent = (bytes: number) => (_: unknown, response: import("node:http").ServerResponse) => {
			response.writeHead(200, { "content-length": 10 }).write("x".repeat(bytes));
		};
		server.serve("/feed.zip", "", { faults: [silent(1), silent(1), silent(1)] });
		await expect(fetchIt({ limits: { ...once, idleMs: 50 } })).rejects.toThrow(/does not answer|cut/);
		server.serve("/feed.zip", body);
		await expect(fetchIt({ limits: { ...limits, mostMs: -1 } })).rejects.toThrow(/took more than/);
	});
});

const testdata = (name: string) => readFileSync(new URL(`../../probes/tls/testdata/${name}`, import.meta.url));

describe("the way there", () => {
	it("goes by the environment's proxy, but not to this machine itself", async () => {
		// The proxy is asked for the whole address (RFC 9112, 3.2.2); nothing else on the network is.
		server.serve("http://feeds.example.org/feed.zip", body);
		const env = { HTTP_PROXY: server.url("/"), NO_PROXY: "other.example.org" };
		const urls = ["http://feeds.example.org/feed.zip"];
		expect(await fetchIt({ urls, allowHttp: true, env })).toMatchObject({ sha256 });
		server.serve("/feed.zip", body);
		discard({ folder, source: "feed" });
		expect(await fetchIt({ env: { HTTP_PROXY: "http://127.0.0.1:9" } })).toMatchObject({ sha256 });
	});

	it("names what is wrong with a certificate", async () => {
		const tls = createTlsServer({ key: testdata("ec.key"), cert: testdata("ec.crt") });
		await new Promise<void>((resolve) => void tls.listen(0, "127.0.0.1", resolve));
		const { port } = tls.address() as AddressInfo;
		try {
			const why = /127\.0\.0\.1:[0-9]+ is not trusted: its certificate is signed by itself/;
			await expect(fetchIt({ urls: [`https://127.0.0.1:${port}/feed.zip`] })).rejects.toThrow(why);
		} finally {
			await new Promise((resolve) => void tls.close(resolve));
		}
	});
});

describe("a published hash", () => {
	it("is compared with what came, in a file beside it or in the answer", async () => {
		server.serve("/feed.zip", body);
		server.serve("/SHA256SUMS", `${"0".repeat(64)}  other.zip\n${sha256}  feed.zip\n`);
		const sha256Url = server.url("/SHA256SUMS");
		expect(await fetchIt({ sha256Url })).toMatchObject({ sha256 });
		server.serve("/SHA256SUMS", `${"1".repeat(64)}  feed.zip\n`);
		discard({ folder, source: "feed" });
		await expect(fetchIt({ sha256Url })).rejects.toThrow(/its SHA-256 is [0-9a-f]{64}, not 1{64}/);
		expect(existsSync(join(folder, "feed.part")) || existsSync(join(folder, "feed.feed"))).toBe(false);
		server.serve("/SHA256SUMS", "nothing here");
		await expect(fetchIt({ sha256Url })).rejects.toThrow(/has no SHA-256/);
	});

	it.each([
		["repr-digest", `sha-256=:${Buffer.alloc(32).toString("base64")}:`],
		["x-goog-hash", `crc32c=AAAAAA==, md5=${Buffer.alloc(16).toString("base64")}`],
	])("in the header %s", async (name, value) => {
		server.serve("/feed.zip", body, { headers: { [name]: value } });
		await expect(fetchIt()).rejects.toThrow(/is not what was published/);
		const right = { "repr-digest": `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:` };
		server.serve("/feed.zip", body, { headers: right });
		expect(await fetchIt()).toMatchObject({ sha256 });
	});
});
