/** Who an HTTP server says it is: Server, X-Powered-By and Via fields, and the small print of its error pages. */
import { type Software, unnamed } from "../software.ts";
import { type Head, valuesOf } from "./parse.ts";

/** Error pages that name what the Server field keeps to itself. */
const smallPrint: readonly (readonly [product: string, pattern: RegExp])[] = [
	["Apache Tomcat", /Apache Tomcat\/(\d[\w.-]{0,30})/],
	["Jetty", /Powered by Jetty:\/\/(?: (\d[\w.-]{0,30}))?/],
	["Apache", /<address>Apache\/(\d[\w.-]{0,30})/],
	["nginx", /<center>nginx\/(\d[\w.]{0,30})/],
	["openresty", /<center>openresty\/(\d[\w.]{0,30})/],
];

/** Software behind an answer; `errorPage` is the body of an answer to a made-up path, empty when there is none. */
export function softwareOf(head: Head, errorPage: string): Software {
	const server = splitProduct(valuesOf(head, "server")[0] ?? "");
	const powered = valuesOf(head, "x-powered-by").slice(0, 3);
	const printed = printedSoftware(errorPage);
	let main = server;
	if (printed && (server.product === null || saysMore(printed, server))) main = { ...printed, info: server.info };
	const fromPowered = main.product === null && powered.length > 0;
	if (fromPowered) main = splitProduct(powered.shift() ?? "");
	const further = [
		...powered.map((value) => `X-Powered-By: ${value}`),
		...valuesOf(head, "via")
			.slice(0, 3)
			.map((value) => `Via: ${value}`),
	];
	const info = [main.info, ...further].filter((part) => part !== null && part !== "").join("; ");
	return { ...main, info: info === "" ? null : info.slice(0, 500) };
}

/** Apache-Coyote is Tomcat's connector; its number is not Tomcat's. */
function saysMore(printed: Software, server: Software): boolean {
	if (server.product === "Apache-Coyote") return printed.product === "Apache Tomcat";
	return printed.product === server.product && server.version === null && printed.version !== null;
}

function printedSoftware(page: string): Software | null {
	for (const [product, pattern] of smallPrint) {
		const found = pattern.exec(page.slice(0, 8_192));
		if (found) return { product, version: found[1] ?? null, info: null };
	}
	return null;
}

/** Splits e.g. `Apache/2.4.57 (Debian) OpenSSL/3.0.9` into Apache, 2.4.57 and `(Debian) OpenSSL/3.0.9`. */
export function splitProduct(field: string): Software {
	const text = field.slice(0, 500).trim();
	if (text === "") return unnamed;
	// UPnP device architecture 1.0: operating system, UPnP, then the product, each with its version.
	const upnp = /^(.{0,120}?)[ ,]+UPnP\/1\.\d[ ,]+(\S.*)$/s.exec(text);
	if (upnp) return { ...splitPlain(upnp[2] ?? ""), info: upnp[1]?.trim() || null };
	// The language goes first in aiohttp's field.
	const behind = /^(Python\/\S+) (aiohttp\/.*)$/s.exec(text);
	if (behind) return { ...splitPlain(behind[2] ?? ""), info: behind[1] ?? null };
	return splitPlain(text);
}

const shapes: readonly RegExp[] = [
	/^([^/();,]{1,80}?)\/[vV]?([RV]?\d[^\s();,]{0,60}) ?(.*)$/s,
	/^([^/();,]{1,80}?)[ -][vV]?(\d[\w.-]{0,60})(?=[\s;,(]|$)(.*)$/s,
	/^([^/();,\s]{1,80})\((\d[\w.-]{0,60})\)(.*)$/s,
];

function splitPlain(text: string): Software {
	for (const shape of shapes) {
		const found = shape.exec(text);
		if (found) return { product: (found[1] ?? "").trim(), version: found[2] ?? null, info: trimmed(found[3]) };
	}
	const name = (/^[^/();,]{1,80}/.exec(text)?.[0] ?? "").trim();
	return name === ""
		? { ...unnamed, info: text }
		: { product: name, version: null, info: trimmed(text.slice(name.length)) };
}

function trimmed(text: string | undefined): string | null {
	return text?.replace(/^[\s;,/]+/, "").trim() || null;
}
