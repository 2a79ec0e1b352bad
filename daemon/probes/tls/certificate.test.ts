import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { certificate as schema } from "../../evidence/kinds/certificate.ts";
import { certificateGroup, describeChain } from "./certificate.ts";

const der = (name: string) => new X509Certificate(readFileSync(new URL(`testdata/${name}`, import.meta.url))).raw;
const rsa = der("rsa.crt");
const ec = der("ec.crt");
const now = Date.parse("2027-01-01T00:00:00Z");
const about = { hostname: null, starttls: null, now };

describe("describeChain", () => {
	it("fits the evidence schema", () => {
		expect(schema.parse(describeChain([rsa, ec], about))).toMatchObject({
			names: ["good.test", "*.wild.test", "127.0.0.1"],
			matchesHostname: null,
			chain: [{ keyType: "rsa" }, { keyType: "ec" }],
		});
	});

	it.each([
		["good.test", true],
		["GOOD.test", true],
		["a.wild.test", true],
		["a.b.wild.test", false],
		["127.0.0.1", true],
		["127.0.0.2", false],
		["", false],
	])("for the name %s says %s", (hostname, expected) => {
		expect(describeChain([rsa], { ...about, hostname })?.matchesHostname).toBe(expected);
	});

	it("trusts what a public root signed, while it is valid", () => {
		const root = rootCertificates.map((pem) => new X509Certificate(pem)).find((each) => Date.parse(each.validTo) > now);
		const chain = [root!.raw];
		const after = Date.parse(root!.validTo) + 1_000;
		expect(describeChain(chain, about)).toMatchObject({ trusted: true, selfSigned: true });
		expect(describeChain(chain, { ...about, now: after })?.trusted).toBe(false);
	});

	it("does not trust a certificate that merely stands beside a root", () => {
		const chain = [rsa, new X509Certificate(rootCertificates[0]!).raw];
		expect(describeChain(chain, about)?.trusted).toBe(false);
	});

	it("is null without a readable leaf", () => {
		expect(describeChain([], about)).toBeNull();
		expect(describeChain([Buffer.from("no certificate"), rsa], about)).toBeNull();
	});

	it("never throws and always fits the schema, whatever bytes are changed", () => {
		const change = fc.record({ at: fc.nat(rsa.length - 1), value: fc.nat(255) });
		fc.assert(
			fc.property(fc.constantFrom(rsa, ec), fc.array(change, { minLength: 1, maxLength: 4 }), (original, changes) => {
				const bytes = Buffer.from(original);
				for (const { at, value } of changes) bytes[at % bytes.length] = value;
				const described = describeChain([bytes, original], { ...about, hostname: "good.test" });
				if (described !== null) schema.parse(described);
				certificateGroup(bytes);
			}),
			{ numRuns: 3_000 },
		);
	});
});
