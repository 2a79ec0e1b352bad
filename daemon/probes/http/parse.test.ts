import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	framingOf,
	joinHeaders,
	looksLikeHttp,
	parseAuthSchemes,
	parseChunkSize,
	parseCookies,
	parseHead,
	parseIconLink,
	parseMethods,
	parseTitle,
	samePath,
	staysOpen,
	textOf,
	valuesOf,
} from "./parse.ts";
import { softwareOf } from "./software.ts";

const captured = (name: string) => readFileSync(new URL(`testdata/${name}.bin`, import.meta.url));
const captures = [
	"apache-2.4-404",
	"apache-2.4-listing",
	"apache-2.4-options",
	"nginx-1.22.1-302",
	"nginx-1.22.1-401",
	"nginx-1.22.1-gzip-chunked",
];

function split(stream: Buffer) {
	const end = stream.indexOf("\r\n\r\n");
	return { head: parseHead(stream.subarray(0, end)), body: textOf(stream.subarray(end + 4)) };
}

describe("captured answers", () => {
	test("Apache: Allow, product, a listing", () => {
		const options = split(captured("apache-2.4-options")).head!;
		expect(parseMethods(valuesOf(options, "allow"))).toEqual(["GET", "POST", "OPTIONS", "HEAD", "TRACE"]);
		const listing = split(captured("apache-2.4-listing"));
		expect(listing.head).toMatchObject({ minor: 1, status: 200, reason: "OK" });
		expect(parseTitle(listing.body)).toBe("Index of /");
		expect(softwareOf(listing.head!, "")).toMatchObject({ product: "Apache", version: "2.4.71", info: "(Debian)" });
	});

	test("nginx: a redirect, a login, a chunked body", () => {
		const redirect = split(captured("nginx-1.22.1-302")).head!;
		expect(valuesOf(redirect, "location")).toEqual(["http://127.0.61.1:22081/a"]);
		const login = split(captured("nginx-1.22.1-401")).head!;
		expect(parseAuthSchemes(valuesOf(login, "www-authenticate"))).toEqual(["basic"]);
		const chunked = split(captured("nginx-1.22.1-gzip-chunked")).head!;
		expect(framingOf("GET", chunked)).toEqual({ kind: "chunked" });
		expect(staysOpen(chunked, { kind: "chunked" })).toBe(false);
		expect(parseCookies(valuesOf(chunked, "set-cookie"))).toEqual([
			{ name: "sid", secure: false, httpOnly: true, sameSite: "lax" },
		]);
	});
});

describe("head", () => {
	const head = (text: string) => parseHead(Buffer.from(text, "latin1"));

	test("odd but readable ones", () => {
		expect(head("HTTP/1.0 404")).toEqual({ minor: 0, status: 404, reason: "", headers: [] });
		const folded = head("HTTP/1.1 200 Fine so\nX-A: 1\n  2\nbroken line\nx-a:3\n__proto__: x");
		expect(folded?.reason).toBe("Fine so");
		expect(joinHeaders(folded!)).toEqual({ "x-a": "1 2, 3" });
	});

	test.each(["", "HTTP/2 200", "SSH-2.0-x", "HTTP/1.1 99 x", "HTTP/1.1 2000 x"])("none: %j", (text) => {
		expect(head(text)).toBeNull();
	});

	test("recognised by its first bytes", () => {
		expect(looksLikeHttp(Buffer.from("HTTP/1.1 400 Bad Request"))).toBe(1);
		expect(looksLikeHttp(Buffer.from("RTSP/1.0 200 OK"))).toBe(0);
		expect(looksLikeHttp(Buffer.alloc(0))).toBe(0);
	});

	test.each([
		["HTTP/1.1 200 x\ncontent-length: 5", "GET", { kind: "length", length: 5 }, true],
		["HTTP/1.1 200 x\ncontent-length: 5", "HEAD", { kind: "none" }, true],
		["HTTP/1.1 204 x", "GET", { kind: "none" }, true],
		["HTTP/1.1 200 x\ncontent-length: 5\ntransfer-encoding: gzip, chunked", "GET", { kind: "chunked" }, true],
		["HTTP/1.1 200 x\ncontent-length: -5", "GET", { kind: "close" }, false],
		["HTTP/1.0 200 x\ncontent-length: 5", "GET", { kind: "length", length: 5 }, false],
		["HTTP/1.0 200 x\ncontent-length: 5\nconnection: Keep-Alive", "GET", { kind: "length", length: 5 }, true],
		["HTTP/1.1 200 x\ncontent-length: 5\nconnection: close", "GET", { kind: "length", length: 5 }, false],
	] as const)("%j %s", (text, method, framing, open) => {
		const read = head(text)!;
		expect(framingOf(method, read)).toEqual(framing);
		expect(staysOpen(read, framing)).toBe(open);
	});

	test.each([
		["1a", 26],
		["0", 0],
		["5;x=y", 5],
		["", null],
		["-1", null],
		["fffffffff", null],
	])("chunk size %j", (line, size) => {
		expect(parseChunkSize(line)).toBe(size);
	});
});

describe("what fields and pages say", () => {
	test.each([
		["<TITLE lang=en>\n A &amp;\t B &#x41;&#66; </TITLE>", "A & B AB"],
		["<title>unfinished", "unfinished"],
		["<title></title>", null],
		["no title", null],
		["<title>&#1114112;&#0;&bogus;</title>", "&#1114112;&#0;&bogus;"],
	])("title of %j", (page, title) => {
		expect(parseTitle(page)).toBe(title);
	});

	test.each([
		['<link rel="stylesheet" href="/a.css"><link rel="shortcut icon" href="/b.ico">', "/b.ico"],
		["<link href=c.png rel=icon>", "c.png"],
		['<link rel="icon" href="data:image/png;base64,AA">', null],
		["", null],
	])("icon link in %j", (page, href) => {
		expect(parseIconLink(page)).toBe(href);
	});

	test.each([
		[['Basic realm="a, b"'], ["basic"]],
		[['Digest realm="x", nonce="y", Basic realm="z"'], ["digest", "basic"]],
		[
			["Negotiate", "NTLM"],
			["negotiate", "ntlm"],
		],
		[[""], []],
	])("schemes of %j", (values, schemes) => {
		expect(parseAuthSchemes(values)).toEqual(schemes);
	});

	test.each([
		["/a?b#c", "/a?b"],
		["http://h:81/x", "/x"],
		["//h:81/x", "/x"],
		["x", "/d/x"],
		["https://h:81/x", null],
		["http://other:81/x", null],
		["http://h/x", null],
		["javascript:1", null],
		["http://[", null],
	])("%s from http://h:81/d/e", (reference, path) => {
		expect(samePath(reference, "http://h:81/d/e")).toBe(path);
	});

	test("text that is no UTF-8 is read as Latin-1; a character cut at the end is no reason", () => {
		expect(textOf(Buffer.from("caf\xe9!", "latin1"))).toBe("café!");
		expect(textOf(Buffer.from("café").subarray(0, 4))).toBe("caf");
	});
});

describe("no bytes make a parser throw", () => {
	const readAll = (bytes: Buffer) => {
		looksLikeHttp(bytes);
		const text = textOf(bytes);
		const head = parseHead(bytes);
		parseTitle(text);
		parseIconLink(text);
		parseChunkSize(text);
		samePath(text, "http://127.0.0.1/");
		parseAuthSchemes([text]);
		parseCookies([text]);
		parseMethods([text]);
		if (head) {
			const joined = joinHeaders(head);
			softwareOf(head, text);
			staysOpen(head, framingOf("GET", head));
			return Object.values(joined).every((value) => value.length <= 4_096);
		}
		return true;
	};

	test("random bytes and markup", () => {
		fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => readAll(Buffer.from(bytes))));
		const markup = fc.string({
			unit: fc.constantFrom("<", ">", "title", "link ", "rel=icon", "href=", '"', "&#", ";", "\n", "a"),
		});
		fc.assert(fc.property(markup, (text) => readAll(Buffer.from(text))));
	});

	test.each(captures)("mutations of %s", (name) => {
		const real = captured(name);
		const edit = fc.tuple(fc.nat(real.length - 1), fc.nat(255));
		fc.assert(
			fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), fc.nat(real.length), (edits, cut) => {
				const bytes = Buffer.from(real);
				for (const [at, value] of edits) bytes[at] = value;
				return readAll(bytes) && readAll(bytes.subarray(0, cut));
			}),
			{ numRuns: 1_000 },
		);
	});

	test.each([
		["titles", "<title".repeat(20_000)],
		["links", `${"<link ".repeat(20_000)}`],
		["quotes", `Basic ${'"\\'.repeat(20_000)}`],
		["blanks", `a${" ".repeat(60_000)}b`],
	])("a page of %s takes no time", (_name, page) => {
		const before = performance.now();
		readAll(Buffer.from(`HTTP/1.1 200 OK\r\nServer: ${page}`));
		readAll(Buffer.from(page));
		expect(performance.now() - before).toBeLessThan(10_000);
	});
});
