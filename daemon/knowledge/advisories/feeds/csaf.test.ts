/** Red Hat's documents: what every status and every way of naming a package comes to. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCsaf } from "./csaf.ts";
import { csafSample, idOf, type SamplePart } from "./testdata/csaf-samples.ts";

const baseos = (component: string, purl?: string): SamplePart => ({
	...{ product: "BaseOS-9.4.0.Z.MAIN.EUS", component },
	...(purl === undefined ? {} : { purl }),
});
const unfixed = (component: string, purl?: string): SamplePart => ({
	...baseos(component, purl),
	product: "red_hat_enterprise_linux_9",
});

function rangesOf(id: string, parts: readonly SamplePart[], status: string, remediations: readonly object[] = []) {
	const flaw = { cve: "CVE-2025-0001", status: { [status]: parts.map(idOf) }, remediations };
	return (parseCsaf(csafSample(id, parts, [flaw]))?.advisory.affected ?? []).map(
		({ ecosystem, package: name, fixed, state, note }) => [ecosystem, name, fixed, state, note],
	);
}

describe("an advisory of Red Hat", () => {
	const parts = [
		baseos("curl-0:7.76.1-29.el9_4.1.x86_64", "pkg:rpm/redhat/curl@7.76.1-29.el9_4.1?arch=x86_64"),
		baseos("curl-0:7.76.1-29.el9_4.1.aarch64", "pkg:rpm/redhat/curl@7.76.1-29.el9_4.1?arch=aarch64"),
		baseos("curl-0:7.76.1-29.el9_4.1.src", "pkg:rpm/redhat/curl@7.76.1-29.el9_4.1?arch=src"),
		baseos("curl-debuginfo-0:7.76.1-29.el9_4.1.x86_64", "pkg:rpm/redhat/curl-debuginfo@7.76.1-29.el9_4.1?arch=x86_64"),
		{ ...baseos("bind-32:9.16.23-18.el9_4.1.x86_64"), product: "AppStream-9.4.0.Z.MAIN.EUS" },
	];

	it("names each package once, with its epoch, for all streams of a release", () => {
		const remedy = {
			category: "vendor_fix",
			url: "https://access.redhat.com/errata/RHSA-2025:0001",
			product_ids: parts.map(idOf),
		};
		expect(rangesOf("RHSA-2025:0001", parts, "fixed", [remedy])).toEqual([
			["Red Hat:enterprise_linux:9", "curl", "7.76.1-29.el9_4.1", "fixed", "RHSA-2025:0001"],
			["Red Hat:enterprise_linux:9", "bind", "32:9.16.23-18.el9_4.1", "fixed", "RHSA-2025:0001"],
		]);
	});

	it("says what it is about, and of each CVE what is known", () => {
		const flaw = { cve: "CVE-2025-0001", status: { fixed: parts.map(idOf) } };
		const parsed = parseCsaf(csafSample("RHSA-2025:0001", parts, [flaw, { ...flaw, cve: "CVE-2025-0002" }]));
		expect(parsed?.advisory).toMatchObject({
			...{ id: "RHSA-2025:0001", cves: ["CVE-2025-0001", "CVE-2025-0002"], title: "curl security update" },
			...{ severity: "Important", modifiedAt: Date.UTC(2025, 2, 4, 5, 6, 7) },
		});
		expect(parsed?.licence).toBe("CC BY 4.0");
		expect(parsed?.details[1]).toMatchObject({
			...{ cve: "CVE-2025-0002", title: "curl: a flaw", cwes: ["CWE-787"], description: "A flaw was found." },
			cvss: ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"],
		});
	});

	it("of a source package alone is about all that is built from it", () => {
		const source = baseos("curl-0:7.76.1-29.el9_4.1.src", "pkg:rpm/redhat/curl@7.76.1-29.el9_4.1?arch=src");
		expect(rangesOf("RHSA-2025:0001", [source], "fixed")).toEqual([
			["Red Hat:enterprise_linux:9", "curl.src", "7.76.1-29.el9_4.1", "fixed", null],
		]);
	});

	it.each([
		["pkg:rpm/redhat/ruby@2.5.9-111.module%2Bel8.9.0?arch=x86_64&rpmmod=ruby:2.5:8090020230921:b46abd14", "x"],
		[undefined, "ruby-2.5.9-111.module+el8.9.0.x86_64.rpm-ruby:2.5"],
	])("of a module keeps its stream: %s", (purl, component) => {
		const part = { ...baseos(component, purl), product: "AppStream-8.9.0.GA" };
		expect(rangesOf("RHSA-2025:0001", [part], "fixed")).toEqual([
			["Red Hat:enterprise_linux:8", "ruby:2.5/ruby", "2.5.9-111.module+el8.9.0", "fixed", null],
		]);
	});

	it("for a minor release that some stay on is kept apart", () => {
		const part = { ...baseos("curl-0:7.76.1-23.el9_2.4.x86_64"), product: "BaseOS-9.2.0.Z.EUS" };
		expect(rangesOf("RHSA-2025:0001", [part], "fixed").map(([ecosystem]) => ecosystem)).toEqual([
			"Red Hat:rhel_eus:9.2",
		]);
	});
});

describe("Red Hat's word on a CVE", () => {
	it.each([
		["known_affected", { category: "no_fix_planned", details: "Will not fix" }, "will-not-fix", "Will not fix"],
		[
			"known_affected",
			{ category: "no_fix_planned", details: "Out of support scope" },
			"will-not-fix",
			"Out of support scope",
		],
		["known_affected", { category: "none_available", details: "Affected" }, "open", "Affected"],
		["known_affected", { category: "none_available", details: "Fix deferred" }, "postponed", "Fix deferred"],
		["known_affected", { category: "workaround", details: "Turn it off." }, "open", null],
		["known_not_affected", {}, "not-affected", null],
		["under_investigation", {}, "under-investigation", null],
	])("%s with %j is %s", (status, remedy, state, note) => {
		const part = unfixed("kernel", "pkg:rpm/redhat/kernel?arch=src");
		expect(rangesOf("CVE-2025-0001", [part], status, [{ ...remedy, product_ids: [idOf(part)] }])).toEqual([
			["Red Hat:enterprise_linux:9", "kernel.src", null, state, note],
		]);
	});

	it("goes by another name than the CVE, which is everybody's", () => {
		const part = unfixed("kernel");
		const { advisory } =
			parseCsaf(
				csafSample("CVE-2025-0001", [part], [{ cve: "CVE-2025-0001", status: { known_affected: [idOf(part)] } }]),
			) ?? {};
		expect(advisory).toMatchObject({ id: "REDHAT-CVE-2025-0001", title: "curl: a flaw", cves: ["CVE-2025-0001"] });
	});

	it("names the packages where they are known, else their source", () => {
		const binary = [unfixed("libcurl", "pkg:rpm/redhat/libcurl"), unfixed("curl.src", "pkg:rpm/redhat/curl?arch=src")];
		expect(rangesOf("CVE-2025-0001", binary, "known_affected").map(([, name]) => name)).toEqual(["libcurl"]);
		const module = unfixed("ruby:2.5/ruby");
		expect(rangesOf("CVE-2025-0001", [module], "known_affected").map(([, name]) => name)).toEqual([
			"ruby:2.5/ruby.src",
		]);
	});

	it("has the builds of other minor releases beside those of the release", () => {
		const parts = [
			baseos("curl-0:7.76.1-29.el9_4.1.x86_64"),
			{ ...baseos("curl-0:7.76.1-23.el9_2.4.x86_64"), product: "BaseOS-9.2.0.Z.EUS" },
		];
		expect(rangesOf("CVE-2025-0001", parts, "fixed").map(([ecosystem, , fixed]) => [ecosystem, fixed])).toEqual([
			["Red Hat:enterprise_linux:9", "7.76.1-29.el9_4.1"],
			["Red Hat:rhel_eus:9.2", "7.76.1-23.el9_2.4"],
			["Red Hat:enterprise_linux:9", "7.76.1-23.el9_2.4"],
		]);
	});

	it("of containers is left out, and counted", () => {
		const part = {
			product: "9Base-RHOSE-4.16",
			component: "openshift4/ose-cli@sha256:00",
			purl: "pkg:oci/ose-cli?tag=v4",
		};
		const parsed = parseCsaf(
			csafSample("CVE-2025-0001", [part], [{ cve: "CVE-2025-0001", status: { known_affected: [idOf(part)] } }]),
		);
		expect(parsed).toMatchObject({ leftOut: 1, advisory: { affected: [] } });
	});
});

describe("whatever the document is", () => {
	const strange = fc.oneof(
		fc.constantFrom("CVE-2025-0001", "a:b", "curl-0:1-1.el9.src", "pkg:rpm/redhat/%", "pkg:rpm/redhat/a@b?rpmmod=:"),
		fc.anything({ maxDepth: 2 }),
	);

	it("nothing is thrown", () => {
		const sample = csafSample(
			"CVE-2025-0001",
			[baseos("curl-0:1-1.el9.x86_64", "pkg:rpm/redhat/curl@1-1.el9?arch=src")],
			[{ cve: "CVE-2025-0001", status: { fixed: ["BaseOS-9.4.0.Z.MAIN.EUS:curl-0:1-1.el9.x86_64"] } }],
		);
		const places = pathsOf(sample);
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.constantFrom(...places), strange), { minLength: 1, maxLength: 4 }),
				(changes) => {
					const changed = structuredClone(sample);
					for (const [path, value] of changes) put(changed, path, value);
					expect(() => parseCsaf(changed)).not.toThrow();
				},
			),
		);
	});

	it("relations that go in a circle, and branches without end, have one", () => {
		const circle = {
			full_product_name: { product_id: "a" },
			...{ product_reference: "curl-0:1-1.el9.src", relates_to_product_reference: "a" },
		};
		let branches: object[] = [];
		for (let depth = 0; depth < 5_000; depth++) branches = [{ branches }];
		const sample = csafSample("CVE-2025-0001", [], [{ cve: "CVE-2025-0001", status: { fixed: ["a"] } }]);
		expect(parseCsaf({ ...sample, product_tree: { relationships: [circle], branches } })?.advisory.affected).toEqual(
			[],
		);
	});
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
	if (typeof value !== "object" || value === null) return [path];
	return [path, ...Object.entries(value).flatMap(([key, one]) => pathsOf(one, [...path, key]))].filter(
		(one) => one.length > 0,
	);
}

function put(into: unknown, path: Path, value: unknown): void {
	const [key, ...rest] = path;
	if (typeof into !== "object" || into === null || key === undefined) return;
	if (rest.length === 0) (into as Record<string, unknown>)[key] = value;
	else put((into as Record<string, unknown>)[key], rest, value);
}
