import { describe, expect, test } from "vitest";
import { isOfTheSameScan } from "./nessus-damage.ts";
import { readContent } from "./read.test-support.ts";
import { nessusFile, nessusHost, nessusItem } from "./testdata/files.ts";

const item = (plugin: number, port = 443) =>
	nessusItem(plugin, port, `<plugin_output>Seen at ${port}</plugin_output>`).replace(
		"weak in detail",
		`weak in detail ${plugin}`,
	);
const host = (items: string) => nessusFile(nessusHost("127.0.0.9", items));
const wholeness = async (file: string) => (await readContent(file)).hosts.map(({ reported }) => reported?.isWhole);

describe("a report of which the end is another's", () => {
	const items = [1, 2, 3, 4].map((plugin) => item(plugin)).join("");
	const without = (from: string, to: string) => {
		const file = host(items);
		const at = file.indexOf(from);
		return file.slice(0, at) + file.slice(file.indexOf(to, at + 1));
	};

	test.each([
		["joined within their descriptions", "in detail 1", "in detail 3"],
		["joined from the tag to the description", 'pluginFamily="General">', "<description>It is weak in detail 3"],
		["joined so that the name is missing", "<fname>p2.nasl", "<risk_factor>"],
	])("makes a host damaged: %s", async (_how, from, to) => {
		expect(await wholeness(host(items))).toEqual([true]);
		expect(await wholeness(without(from, to))).toEqual([false]);
	});

	test("is told by the plugin's text elsewhere in the file", async () => {
		const other = item(1, 8443).replace("Something is weak", "Something else is weak");
		expect(await wholeness(host(item(1) + item(1, 8443)))).toEqual([true]);
		expect(await wholeness(host(item(1) + other))).toEqual([false]);
	});

	test("is not one in other words on a host that was scanned with other plugins", async () => {
		const others = (feed: string) =>
			nessusHost("127.0.0.10", item(1).replace("Something is weak", "Something else is weak")).replace(
				"202311140000",
				feed,
			);
		const file = (feed: string) => nessusFile(nessusHost("127.0.0.9", item(1)) + others(feed));
		expect(await wholeness(file("202311140000"))).toEqual([true, false]);
		expect(await wholeness(file("202312010000"))).toEqual([true, true]);
	});

	test("makes one host damaged, not all that come behind it", async () => {
		const torn = item(1).replace("It is weak in detail", "It is ");
		const hosts = [torn, item(1), item(1), item(1)].map((one, n) => nessusHost(`127.0.0.${n + 1}`, one));
		expect(await wholeness(nessusFile(hosts.join("")))).toEqual([true, false, true, true]);
	});

	test("is not one of a policy's check, which is described by what it found, nor an open port's", async () => {
		const check = (name: string) =>
			`<ReportItem port="0" svc_name="general" protocol="tcp" severity="3" pluginID="21157" pluginName="Unix Compliance Checks" pluginFamily="Policy Compliance">
<agent>unix</agent><compliance>true</compliance><fname>unix_compliance_check.nbin</fname>
<plugin_name>Unix Compliance Checks</plugin_name><plugin_type>local</plugin_type><risk_factor>None</risk_factor>
<cm:compliance-check-name>${name}</cm:compliance-check-name><description>"${name}": [FAILED]</description>
<cm:compliance-result>FAILED</cm:compliance-result></ReportItem>
`;
		const open = (more = "") =>
			`<ReportItem port="445" svc_name="cifs" protocol="tcp" severity="0" pluginID="0" pluginName="" pluginFamily="">${more}</ReportItem>\n`;
		const file = (port: string) => host(item(1) + check("Accounts") + check("Mounts") + port);
		expect(await wholeness(file(open()))).toEqual([true]);
		expect(await wholeness(file(open("<fname>p2.nasl</fname><risk_factor>None</risk_factor>")))).toEqual([false]);
		const joined = file("").replace(/<plugin_name>Plugin 1.*?<cm:compliance/s, "<cm:compliance");
		expect(await wholeness(joined)).toEqual([false]);
	});

	test("is not one with nothing in a part", async () => {
		const empty = item(1)
			.replace("Mend it.", "")
			.replace(/<description>.*<\/description>/, "<description/>");
		expect(await wholeness(host(empty))).toEqual([true]);
	});

	test("is not one that has its name on several lines, or of a file that names no scripts", async () => {
		expect(await wholeness(host(item(1).replace("<plugin_name>Plugin 1", "<plugin_name>\n  Plugin\n  1")))).toEqual([
			true,
		]);
		expect(await wholeness(host(item(1) + item(2)).replace(/<fname>.*?<\/plugin_name>/g, ""))).toEqual([true]);
	});
});

describe("what plugin 19506 says of the scan", () => {
	const told = (start: string, duration = "416 sec") =>
		new Map([
			["scan start date", start],
			["scan duration", duration],
		]);
	const ended = "Tue Jun 25 10:39:42 2013";

	test("belongs to the host that ended when it did, whatever the zone", () => {
		expect(isOfTheSameScan(told("2013/6/25 10:32"), ended)).toBe(true);
		expect(isOfTheSameScan(told("2013/6/25 17:32 CET"), ended)).toBe(true);
		expect(isOfTheSameScan(told("2013/6/25 16:17 +0545"), ended)).toBe(true);
		expect(isOfTheSameScan(told("2013/6/25 10:32", "180 sec"), ended)).toBe(true);
		expect(isOfTheSameScan(told("2013/6/25 10:32", "480 sec"), ended)).toBe(true);
		expect(isOfTheSameScan(told("2013/6/25 10:32", "1016 sec"), ended)).toBe(false);
	});

	test("says nothing where something of it is missing", () => {
		expect(isOfTheSameScan(new Map(), ended)).toBe(true);
		expect(isOfTheSameScan(told("yesterday"), ended)).toBe(true);
		expect(isOfTheSameScan(told("2013/6/25 10:32"), null)).toBe(true);
		expect(isOfTheSameScan(told("2013/6/25 10:32"), "never")).toBe(true);
	});

	test("of another host makes the one it stands in damaged", async () => {
		const said = (seconds: number) =>
			nessusFile(
				nessusHost("127.0.0.9", "")
					.replace("</HostProperties>", '<tag name="HOST_END">Tue Jun 25 10:39:42 2013</tag></HostProperties>')
					.replace(
						"Credentialed checks",
						`Scan Start Date : 2013/6/25 10:32\nScan duration : ${seconds} sec\nCredentialed checks`,
					),
			);
		expect(await wholeness(said(416))).toEqual([true]);
		expect(await wholeness(said(1_016))).toEqual([false]);
	});
});
