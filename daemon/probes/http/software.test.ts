import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Head } from "./parse.ts";
import { softwareOf, splitProduct } from "./software.ts";

test.each([
	["nginx/1.22.1", "nginx", "1.22.1", null],
	["nginx", "nginx", null, null],
	["nginx/1.18.0 (Ubuntu)", "nginx", "1.18.0", "(Ubuntu)"],
	["Apache/2.4.57 (Debian) OpenSSL/3.0.9 PHP/8.1.2", "Apache", "2.4.57", "(Debian) OpenSSL/3.0.9 PHP/8.1.2"],
	["Apache (Debian)", "Apache", null, "(Debian)"],
	["Apache Tomcat/4.1.24 (HTTP/1.1 Connector)", "Apache Tomcat", "4.1.24", "(HTTP/1.1 Connector)"],
	["Microsoft-IIS/10.0", "Microsoft-IIS", "10.0", null],
	["Jetty(9.4.43.v20210629)", "Jetty", "9.4.43.v20210629", null],
	["monit 5.6", "monit", "5.6", null],
	["Oracle-HTTP-Server-11g", "Oracle-HTTP-Server", "11g", null],
	["Linux/3.0.8 UPnP/1.0 MiniUPnPd/1.4", "MiniUPnPd", "1.4", "Linux/3.0.8"],
	["Python/3.8 aiohttp/3.7.4.post0", "aiohttp", "3.7.4.post0", "Python/3.8"],
	["Virata-EmWeb/R6_2_1", "Virata-EmWeb", "R6_2_1", null],
	["HP HTTP Server; HP Officejet", "HP HTTP Server", null, "HP Officejet"],
	["", null, null, null],
	["(x)", null, null, "(x)"],
])("Server: %s", (field, product, version, info) => {
	expect(splitProduct(field)).toEqual({ product, version, info });
});

describe("fields together", () => {
	const head = (headers: Head["headers"]): Head => ({ minor: 1, status: 200, reason: "OK", headers });

	test("X-Powered-By and Via go with the information", () => {
		const headers = [
			["server", "Apache"],
			["x-powered-by", "PHP/8.1.2"],
			["via", "1.1 varnish"],
		] as const;
		expect(softwareOf(head(headers), "")).toEqual({
			product: "Apache",
			version: null,
			info: "X-Powered-By: PHP/8.1.2; Via: 1.1 varnish",
		});
	});

	test("X-Powered-By stands in for a missing Server field", () => {
		expect(softwareOf(head([["x-powered-by", "Express"]]), "")).toEqual({
			product: "Express",
			version: null,
			info: null,
		});
	});

	test("an error page tells the version its server hides", () => {
		const tomcat = '<hr class="line" /><h3>Apache Tomcat/9.0.31</h3></body></html>';
		expect(softwareOf(head([]), tomcat)).toMatchObject({ product: "Apache Tomcat", version: "9.0.31" });
		expect(softwareOf(head([["server", "Apache-Coyote/1.1"]]), tomcat)).toMatchObject({ version: "9.0.31" });
		expect(softwareOf(head([["server", "nginx"]]), tomcat)).toMatchObject({ product: "nginx", version: null });
	});
});

test("any field gives an answer without empty words", () => {
	const text = fc.oneof(fc.string({ maxLength: 600 }), fc.string({ unit: fc.constantFrom(..."aV0_-. /:(") }));
	fc.assert(
		fc.property(text, (field) => {
			const { product, version, info } = splitProduct(field);
			return product !== "" && version !== "" && info !== "";
		}),
		{ numRuns: 2_000 },
	);
});
