/** Fingerprints: read from recog's XML, proved by their examples, tried on what services say. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EvidenceRecord } from "../../evidence/record.ts";
import { PlainText } from "../advisories/feeds/feed-format.ts";
import { isRecog, parseRecog } from "../advisories/feeds/recog.ts";
import { recognitionChecks } from "./checks.ts";
import { Fingerprints } from "./fingerprints.ts";
import { requiredLiteral } from "./literal.ts";
import { compileFingerprint, failedExample, recognise } from "./matcher.ts";

const file = (content: string, name = "ssh_banners.xml") => ({ name, value: new PlainText(content) });
const sample = `<?xml version='1.0' encoding='UTF-8'?>
<fingerprints matches="ssh.banner" protocol="ssh">
  <fingerprint pattern="^ExampleSSH[_-]([\\d.]{1,40})(?: (\\S{1,512}))?$" flags="REG_ICASE">
    <description>An  example
      server</description>
    <example service.version="2.1" service.component.product="patch">examplessh_2.1 patch</example>
    <example service.version="2.2" _encoding="base64">RXhhbXBsZVNTSC0yLjI=</example>
    <param pos="0" name="service.vendor" value="Example &amp; Sons"/>
    <param pos="0" name="service.product" value="ExampleSSH"/>
    <param pos="1" name="service.version"/>
    <param pos="2" name="service.component.product"/>
    <param pos="0" name="service.cpe23" value="cpe:/a:example:ssh:{service.version}"/>
    <param pos="0" name="os.cpe23" value="cpe:/o:example:os:{os.version}"/>
  </fingerprint>
  <fingerprint pattern="Other"><param pos="0" name="hw.product" value="Other"/></fingerprint>
</fingerprints>`;

describe("a file of fingerprints", () => {
	const parsed = parseRecog(file(sample));

	it("is read with its examples", () => {
		expect(parsed.subject).toBe("ssh.banner");
		expect(parsed.fingerprints).toHaveLength(2);
		expect(parsed.fingerprints[0]).toMatchObject({
			...{ flags: "i", description: "An example server" },
			examples: [{ text: "examplessh_2.1 patch" }, { text: "ExampleSSH-2.2" }],
		});
	});

	it("without a subject is for what it is named after", () => {
		expect(parseRecog(file("<fingerprints></fingerprints>", "telnet_banners.xml")).subject).toBe("telnet_banners");
		expect(isRecog(file("<nmaprun/>"))).toBe(false);
	});

	it("holds what its examples say", () => {
		const [one] = parsed.fingerprints;
		if (one === undefined) throw new Error("no fingerprint");
		const pattern = compileFingerprint(one);
		expect(failedExample(one, pattern, one.examples)).toBeNull();
		expect(
			failedExample(one, pattern, [{ text: "examplessh_3", fields: new Map([["service.version", "2"]]) }]),
		).toMatch(/another service.version/);
		expect(failedExample(one, pattern, [{ text: "none", fields: new Map() }])).toMatch(/not found/);
		expect([...(recognise(one, pattern, "ExampleSSH_2.1") ?? [])]).toEqual([
			["service.vendor", "Example & Sons"],
			["service.product", "ExampleSSH"],
			["service.version", "2.1"],
			["service.cpe23", "cpe:/a:example:ssh:2.1"],
			["os.cpe23", "cpe:/o:example:os:-"],
		]);
	});

	it.each(["(?=ahead)", "(a)\\1", "((a{100}){100}){100}", "(", `${"a|".repeat(5_000)}`])(
		"with a pattern that is not linear-time is not taken: %s",
		(pattern) => {
			expect(() => compileFingerprint({ pattern, flags: "" })).toThrow(Error);
		},
	);
});

describe("what every match of a pattern has in it", () => {
	it.each([
		["^RomSShell_([\\d\\.]+)$", "romsshell_"],
		["^Apache(?:-Coyote)?/(\\d+)", "apache"],
		["a|b", ""],
		["(?:nginx|apache)/x", "/x"],
		["ab?cde", "cde"],
		["ab+c", "ab"],
		["ab{2}c", "a"],
		["[abc]def[]x]", "def"],
		["\\Qa.b\\E", ""],
		["\\.\\-x", ".-x"],
		["\\x41bc", "bc"],
		["(?i)Hello", "hello"],
		["a(b", "a"],
		["", ""],
	])("%s has %j", (pattern, literal) => {
		expect(requiredLiteral(pattern)).toBe(literal);
	});

	it("is in every text it matches", () => {
		const atom = fc.constantFrom("a", "b", "\\.", "[ab]", ".", "(?:a|b)", "(ab)", "\\d", "b");
		const piece = fc.tuple(atom, fc.constantFrom("", "", "?", "*", "+", "{0,2}", "{2}")).map((parts) => parts.join(""));
		const pattern = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(""));
		fc.assert(
			fc.property(
				pattern,
				fc.boolean(),
				fc.string({ unit: fc.constantFrom("a", "b", ".", "1"), maxLength: 12 }),
				(own, isBound, text) => {
					const whole = isBound ? `^${own}$` : own;
					if (recognise({ params: [] }, compileFingerprint({ pattern: whole, flags: "" }), text) === null) return;
					expect(text).toContain(requiredLiteral(whole));
				},
			),
		);
	});

	it("is told of any text without throwing", () => {
		fc.assert(fc.property(fc.string(), (pattern) => typeof requiredLiteral(pattern) === "string"));
	});
});

describe("what a service says", () => {
	const fingerprint = (pattern: string, product: string) => ({
		...{ pattern, flags: "", description: product },
		params: [
			{ group: 0, name: "service.product", value: product },
			{ group: 1, name: "service.version", value: "" },
		],
	});
	const bySubject: Record<string, ReturnType<typeof fingerprint>[]> = {
		"ssh.banner": [fingerprint("^OpenSSH_(\\S+)", "OpenSSH"), fingerprint("^Open", "Open")],
		"smtp.banner": [fingerprint("ESMTP (Postfix)", "Postfix")],
		"http_header.cookie": [fingerprint("^JSESSIONID=", "Servlet")],
		html_title: [fingerprint("^Jenkins v(.*)$", "Jenkins")],
	};
	const asked: string[] = [];
	const fingerprints = new Fingerprints((subject) => {
		asked.push(subject);
		return bySubject[subject] ?? [];
	});
	const record = (kind: string, data: object) =>
		({
			kind,
			address: "192.0.2.1",
			port: 1,
			protocol: "tcp",
			source: "network",
			complete: true,
			observedAt: 0,
			data,
		}) as unknown as EvidenceRecord;
	const words = (kind: string, data: object) =>
		recognitionChecks(fingerprints)
			.find((check) => check.kind === kind)
			?.evaluate(record(kind, data), 0);

	it("is recognised by the first fingerprint that fits, and asked for once", () => {
		const ssh = { banner: "SSH-2.0-OpenSSH_9.2p1 Debian-2" };
		expect(words("ssh", ssh)).toEqual({
			matched: true,
			result: "OpenSSH 9.2p1; by ssh.banner: OpenSSH_9.2p1 Debian-2",
			problem: "",
		});
		expect(words("ssh", ssh)?.result).toBe(words("ssh", ssh)?.result);
		expect(asked.filter((subject) => subject === "ssh.banner")).toHaveLength(1);
	});

	it("is found in each line of a greeting, in titles and cookies", () => {
		expect(words("smtp", { banner: "220-mail ready\r\n220 mail.example ESMTP Postfix" })?.result).toMatch(
			/^Postfix Postfix/,
		);
		const headers = { "set-cookie": "a=b; Expires=Wed, 19 May 2021 01:11:11 GMT, JSESSIONID=1" };
		expect(
			words("http", { headers, title: "Jenkins v2.4" })
				?.result.split("\n")
				.map((line) => line.split(";")[0]),
		).toEqual(["Jenkins 2.4", "Servlet"]);
	});

	it("that nothing fits is clear", () => {
		expect(words("telnet", { banner: "login:" })).toMatchObject({ matched: false });
		expect(words("dns", { versionBind: null })).toMatchObject({ matched: false });
	});
});
