import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RecordOf } from "../evidence/record.ts";
import { readContent } from "./read.test-support.ts";
import { nessusFile, nessusHost, nessusItem, scannedAt } from "./testdata/files.ts";

const records = (found: Awaited<ReturnType<typeof readContent>>) =>
	(found.hosts[0]?.records ?? []).filter((record) => record.kind === "nessus") as RecordOf<"nessus">[];

describe("a host in a Nessus file", () => {
	test("is evidence as of when it was scanned, with what the scan was", async () => {
		const found = await readContent(
			nessusFile(nessusHost("127.0.0.9", nessusItem(42873), { credentialed: true }), { plugins: [19506, 42873] }),
		);
		const [host] = found.hosts;
		expect(host).toMatchObject({
			address: "127.0.0.9",
			startedAt: (scannedAt - 600) * 1_000,
			finishedAt: scannedAt * 1_000,
			openPorts: 1,
			reported: { credentialed: true, portRange: "1-65535" },
		});
		expect(found.others).toEqual([{ kind: "plugins", plugins: [19506, 42873] }]);
		expect(found.end).toMatchObject({ format: "nessus", scanner: "Nessus 10.6.1", cut: null, notes: [] });
		expect(records(found).map(({ port, data }) => [port, data.reports.map(({ plugin }) => plugin)])).toEqual([
			[0, [19506]],
			[443, [42873]],
		]);
		expect(records(found)[0]?.data.host).toMatchObject({
			...{ scanner: "Nessus 10.6.1", feed: "202311140000", policy: "Basic", portRange: "1-65535" },
			...{ netbios: "FILES", macs: ["00:11:22:33:44:55"], credentialed: true },
		});
		expect(host?.records.find(({ kind }) => kind === "host")?.data).toMatchObject({
			os: { name: "Debian GNU/Linux 12", basis: "Nessus", confidence: 0.95 },
		});
	});

	test("brings the text of each plugin once", async () => {
		const more = `<cve>CVE-2016-2183</cve><cve>no cve</cve><xref>CWE:327</xref><see_also>https://sweet32.info\njavascript:alert(1)</see_also>
			<cvss_vector>CVSS2#AV:N/AC:L/Au:N/C:P/I:N/A:N</cvss_vector><cvss_base_score>5.0</cvss_base_score>
			<cvss3_vector>CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N</cvss3_vector><cvss3_base_score>7.5</cvss3_base_score>`;
		const item = nessusItem(42873, 443, more);
		const { hosts } = await readContent(nessusFile(nessusHost("127.0.0.9", item) + nessusHost("127.0.0.10", item)));
		expect(hosts[1]?.reported?.signatures).toEqual([]);
		const refused = await readContent(nessusFile(nessusHost("nowhere/", item) + nessusHost("127.0.0.10", item)));
		expect(refused.hosts.map(({ reported }) => reported?.signatures.length)).toEqual([2]);
		expect(hosts[0]?.reported?.signatures.find(({ id }) => id === "nessus/42873")).toMatchObject({
			...{ title: "Nessus: Plugin 42873 <b>", severity: 4, type: "confirmed", kind: "nessus", category: "nessus" },
			...{ cves: ["CVE-2016-2183"], cwes: ["CWE-327"], references: ["https://sweet32.info"], solution: "Mend it." },
			cvss: { vector: "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", score: 7.5 },
		});
	});

	test("grades what it says as Nessus does, and a version alone as a suspicion", async () => {
		const byVersion =
			"<description>Nessus has relied only on the application's self-reported version number.</description>";
		const items = [nessusItem(1, 80, "", 0), nessusItem(2, 80, "", 1), nessusItem(3, 80, "", 4)].join("");
		const suspicion = nessusItem(4, 80).replace(/<description>.*<\/description>/, byVersion);
		const banner = suspicion.replaceAll("4", "5").replace(/Nessus has.*number/, "According to its banner, it is old");
		const { hosts } = await readContent(nessusFile(nessusHost("127.0.0.9", items + suspicion + banner)));
		const told = hosts[0]?.reported?.signatures.map(({ id, severity, type }) => [id, severity, type]);
		expect(told).toEqual([
			["nessus/19506", 1, "information"],
			["nessus/1", 1, "information"],
			["nessus/2", 2, "confirmed"],
			["nessus/3", 5, "confirmed"],
			["nessus/4", 4, "potential"],
			["nessus/5", 4, "potential"],
		]);
	});

	test("that one plugin speaks of twice at a port is told once, with both", async () => {
		const twice = ["one", "two"].map((word) => nessusItem(7, 80, `<plugin_output>${word}</plugin_output>`)).join("");
		const found = await readContent(nessusFile(nessusHost("127.0.0.9", twice)));
		expect(records(found)[1]?.data.reports.map(({ output }) => output)).toEqual(["one\ntwo"]);
	});

	test("is read by the times of old versions too, and refused without one or without an address", async () => {
		const old = nessusHost("127.0.0.9", "")
			.replace(/<tag name="HOST_START_TIMESTAMP">\d+/, '<tag name="HOST_START">Tue Nov 14 21:00:00 2023')
			.replace(/<tag name="HOST_END_TIMESTAMP">\d+/, '<tag name="HOST_END">Tue Nov 14 22:13:20 2023');
		expect((await readContent(nessusFile(old))).hosts[0]?.finishedAt).toBe(scannedAt * 1_000);
		const none = nessusHost("127.0.0.9", "").replace(/<tag name="HOST_[A-Z_]+">\d+<\/tag>/g, "");
		const nowhere = nessusHost("http://shop.example/", "");
		expect(
			(await readContent(nessusFile(none + nowhere))).others.map((other) => ("reason" in other ? other.reason : "")),
		).toEqual(["the file does not say when it was scanned", "the file has no address of it"]);
	});

	test("does not end with what a plugin prints", async () => {
		const output = "<plugin_output><![CDATA[</ReportHost><ReportHost name='x'>]]></plugin_output>";
		const found = await readContent(nessusFile(nessusHost("127.0.0.9", nessusItem(7, 80, output))));
		expect(found.hosts).toHaveLength(1);
		expect(records(found)[1]?.data.reports[0]?.output).toBe("</ReportHost><ReportHost name='x'>");
	});

	test("that is considered as dead is down, and no host", async () => {
		const output = "<plugin_output>The remote host (127.0.0.9) is considered as dead - not scanning</plugin_output>";
		const dead = nessusHost("127.0.0.9", nessusItem(10_180, 0, output, 0));
		const found = await readContent(nessusFile(dead + nessusHost("127.0.0.10", "")));
		expect(found.hosts.map(({ address }) => address)).toEqual(["127.0.0.10"]);
		expect(found.others).toEqual([{ kind: "down" }]);
		const alive = output.replace("considered as dead - not scanning", "up");
		const up = await readContent(nessusFile(nessusHost("127.0.0.9", nessusItem(10_180, 0, alive, 0))));
		expect(up.hosts).toHaveLength(1);
	});

	test("whose scan did not end, or does not tell of itself, may close nothing, and that is said", async () => {
		const whole = nessusHost("127.0.0.9", nessusItem(7));
		const read = async (host: string) => {
			const { hosts, end } = await readContent(nessusFile(host));
			return [hosts[0]?.reported?.isWhole, end.notes];
		};
		const note = "1 host whose scan did not end by what the file says of it: what is not reported there is not over.";
		expect(await read(whole)).toEqual([true, []]);
		expect(await read(whole.replace(/<tag name="HOST_END[A-Z_]*">\d+<\/tag>/, ""))).toEqual([false, [note]]);
		expect(await read(whole.replace('pluginID="19506"', 'pluginID="19507"'))).toEqual([false, [note]]);
	});

	test("with more ports than are kept says so, and may close nothing", async () => {
		const items = Array.from({ length: 5_003 }, (_, index) => nessusItem(7, index + 1)).join("");
		const { hosts, end } = await readContent(nessusFile(nessusHost("127.0.0.9", items)));
		// Plugin 19506 spoke of the host as a whole.
		expect(hosts[0]).toMatchObject({ openPorts: 4_999, reported: { isWhole: false } });
		expect(end.notes).toContain("4 reports at ports of hosts that have more of them than are kept.");
	});

	test("that is damaged in its middle may close nothing, those around it may, and that is said", async () => {
		const item = (plugin: number) => nessusItem(plugin, 443, "<plugin_output>seen</plugin_output>");
		const hosts = [9, 10, 11].map((n) =>
			nessusHost(`127.0.0.${n}`, [1, 2, 3, 4, 5].map((id) => item(n * 10 + id)).join("")),
		);
		const whole = nessusFile(hosts.join(""));
		const at = (words: string, from: string) => whole.indexOf(words, whole.indexOf(from));
		const over = (byte: number, from: number, length: number) => Buffer.from(whole).fill(byte, from, from + length);
		const without = (from: number, to: number) => whole.slice(0, from) + whole.slice(to);
		const [second, fourth] = ['pluginID="102"', 'pluginID="104"'];
		const damages = {
			zeros: over(0, at("weak in detail", second), 400),
			"bytes that are no characters": over(0xff, at("weak in detail", second), 400),
			"a piece missing from text to text": without(at("weak in detail", second), at("Mend it", fourth)),
			"a piece missing between parts": without(at("<plugin_output>", second), at("<synopsis>", fourth)),
			"a piece missing from a tag on": without(at("fname", second), at("synopsis", fourth)),
			"a torn number": whole.replace(second, 'pluginID="1"02"'),
			"a number that is none": whole.replace(second, 'pluginID="1o2"'),
		};
		expect((await readContent(whole)).hosts.map(({ reported }) => reported?.isWhole)).toEqual([true, true, true]);
		for (const [name, content] of Object.entries(damages)) {
			const found = await readContent(content);
			expect(
				found.hosts.map(({ reported }) => reported?.isWhole),
				name,
			).toEqual([true, false, true]);
			expect(found.end.notes, name).toContain(
				"1 host in which the file is damaged: what is not reported there is not over.",
			);
		}
		const joined = await readContent(without(at("<ReportItem", second), at("<ReportItem", 'name="127.0.0.11"')));
		expect(joined.hosts.map(({ reported }) => reported?.isWhole)).toEqual([true, false]);
	});

	test("overwritten anywhere is not taken for whole with a report less", async () => {
		const host = nessusHost("127.0.0.9", [1, 2, 3, 4].map((id) => nessusItem(id)).join(""));
		const whole = Buffer.from(nessusFile(nessusHost("127.0.0.8", "") + host + nessusHost("127.0.0.10", "")));
		const [from, to] = [whole.indexOf('<ReportHost name="127.0.0.9"'), whole.indexOf('<ReportHost name="127.0.0.10"')];
		const place = fc.integer({ min: from, max: to - 9 });
		const ninth = async (file: Buffer) => {
			const reported = (await readContent(file)).hosts.find(({ address }) => address === "127.0.0.9")?.reported;
			return { isWhole: reported?.isWhole ?? false, reports: reported?.signatures.map(({ id }) => id) };
		};
		const { reports } = await ninth(whole);
		expect(reports?.length).toBeGreaterThanOrEqual(4);
		await fc.assert(
			fc.asyncProperty(place, fc.integer({ min: 8, max: 600 }), fc.constantFrom(0, 0xff), async (at, length, byte) => {
				const left = await ninth(Buffer.from(whole).fill(byte, at, Math.min(to, at + length)));
				// Only the host's name may be lost, and the address still be known: then all of it is there.
				if (left.isWhole) expect(left.reports).toEqual(reports);
			}),
			{ numRuns: 100, examples: [[from + 18, 8, 0]] },
		);
	});

	test("that has U+FFFD of its own is whole", async () => {
		const said = nessusHost("127.0.0.9", nessusItem(7, 443, "<plugin_output>\uFFFD says it</plugin_output>"));
		const { hosts, end } = await readContent(nessusFile(said));
		expect([hosts[0]?.reported?.isWhole, end.notes]).toEqual([true, []]);
	});

	test("within a damaged one does not replace it without a word", async () => {
		const one = nessusHost("127.0.0.9", nessusItem(7));
		for (const damaged of [one.replace("</ReportHost>", ""), one.replace(/<\/ReportItem>\s*<\/ReportHost>/, "")]) {
			const found = await readContent(
				nessusFile(damaged + nessusHost("127.0.0.10", nessusItem(8)) + nessusHost("127.0.0.11", "")),
			);
			expect(found.others).toEqual([{ kind: "refused", host: "127.0.0.9", reason: "the file is damaged in it" }]);
			expect(found.hosts.map(({ address }) => address)).toEqual(["127.0.0.10", "127.0.0.11"]);
			expect(found.hosts[0]?.reported?.signatures.map(({ id }) => id)).toContain("nessus/19506");
		}
	});
});
