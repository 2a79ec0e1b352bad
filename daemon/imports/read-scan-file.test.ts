import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readContent } from "./read.test-support.ts";
import { nessusFile, nessusHost, nessusItem, nmapEnd, nmapHead, nmapHost } from "./testdata/files.ts";

const three = nmapHost("127.0.0.1") + nmapHost("127.0.0.2") + nmapHost("127.0.0.3");
const whole = nmapHead + three + nmapEnd;
const addresses = ({ hosts }: Awaited<ReturnType<typeof readContent>>) => hosts.map(({ address }) => address);

describe("a scanner's file", () => {
	test.each([
		["plain", whole],
		["packed with gzip", gzipSync(whole)],
		["with a byte order mark", `\uFEFF${whole}`],
		["in UTF-16", Buffer.from(`\uFEFF${whole}`, "utf16le")],
		["in UTF-16, the other way round", Buffer.from(`\uFEFF${whole}`, "utf16le").swap16()],
		["in Latin-1", Buffer.from(whole.replace("UTF-8", "ISO-8859-1"), "latin1")],
		["with comments before it", `<!-- <NessusClientData_v2> -->\n${whole}`],
	])("that is %s is read whole", async (_, content) => {
		const found = await readContent(content);
		expect(addresses(found)).toEqual(["127.0.0.1", "127.0.0.2", "127.0.0.3"]);
		expect(found.end).toMatchObject({ cut: null, notes: [] });
	});

	test("truncated nmap XML: every whole host before the cut is there, and it is said that it is cut", async () => {
		const cut = whole.slice(0, whole.indexOf("127.0.0.3") + 200);
		const found = await readContent(cut);
		expect(addresses(found)).toEqual(["127.0.0.1", "127.0.0.2"]);
		expect(found.end.cut).toBe("ends before </nmaprun>");
		const stored = gzipSync(whole, { level: 0 });
		const torn = await readContent(stored.subarray(0, whole.indexOf("127.0.0.3") + 20));
		expect(torn.end.cut).toMatch(/cut off or damaged within what it is packed in/);
		expect(addresses(torn)).toEqual(["127.0.0.1", "127.0.0.2"]);
	});

	test("cut anywhere loses no host that was whole, and never more", async () => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: nmapHead.length, max: whole.length - 1 }), async (at) => {
				const found = await readContent(whole.slice(0, at));
				const complete = whole.slice(0, at).split("</host>").length - 1;
				expect(found.hosts).toHaveLength(complete);
				const isWhole = /<\/nmaprun>/.test(whole.slice(0, at));
				expect(found.end.cut === null).toBe(isWhole);
			}),
			{ numRuns: 60 },
		);
	});

	test("nmap's progress spliced into a tag is taken out of it", async () => {
		const progress = '<taskprogress task="SYN Stealth Scan" time="1700000001" percent="44.10" remaining="3"/>\n';
		const places = ["<port pro", 'portid="2', "<status ", 'name="Web.', '<extraports state="closed" co'];
		for (const place of places) {
			const at = three.indexOf(place) + place.length;
			const found = await readContent(nmapHead + three.slice(0, at) + progress + three.slice(at) + nmapEnd);
			expect(addresses(found), place).toEqual(["127.0.0.1", "127.0.0.2", "127.0.0.3"]);
			expect(found.hosts[0]?.openPorts, place).toBe(2);
			expect(found.hosts[0]?.records, place).toEqual((await readContent(whole)).hosts[0]?.records);
			expect(found.end.notes).toEqual(["The file is damaged in 1 place; that was passed over."]);
		}
	});

	test("XXE and billion laughs are refused: no entity is declared, fetched or grown", async () => {
		const xxe = whole.replace("<!DOCTYPE nmaprun>", '<!DOCTYPE nmaprun [<!ENTITY x SYSTEM "file:///etc/passwd">]>');
		await expect(readContent(xxe.replace("Debian", "&x;"))).rejects.toThrow(/declares entities of its own/);
		const laughs = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>';
		await expect(readContent(whole.replace("<!DOCTYPE nmaprun>", laughs))).rejects.toThrow(/entities of its own/);
		const outside = whole.replace("<!DOCTYPE nmaprun>", '<!DOCTYPE nmaprun SYSTEM "http://127.0.0.1:1/nmap.dtd">');
		const kept = await readContent(outside.replaceAll("Debian", "&x;&amp;&#65;"));
		expect(JSON.stringify(kept.hosts[0]?.records)).toContain('"info":"&x;&A"');
	});

	test.each([
		["nested without end", "<a>".repeat(10_000), /nested too deeply/],
		["of one giant attribute", `<host x="${"y".repeat(9 << 20)}`, /longer than is sensible/],
		["with a giant name", `<${"y".repeat(9 << 20)}`, /longer than is sensible/],
	])("%s is read up to there", async (_, content, why) => {
		const found = await readContent(`${nmapHead}${nmapHost("127.0.0.1")}${content}${nmapHost("127.0.0.2")}`);
		expect(addresses(found)).toEqual(["127.0.0.1"]);
		expect(found.end.cut).toMatch(why);
	});

	test("with bytes that are no characters is read all the same, and says so", async () => {
		const bytes = Buffer.from(whole);
		bytes[bytes.indexOf("Debian")] = 0xff;
		const found = await readContent(bytes);
		expect(found.hosts).toHaveLength(3);
		expect(found.end.notes).toEqual([
			"1 host in which the file is damaged: of them nothing is taken to be over.",
			"Of 1 character the bytes are not in the encoding the file says it is in.",
		]);
		expect(found.hosts.map(({ coverage }) => coverage.closedTcp.length > 0)).toEqual([false, true, true]);
	});

	test("with a host that is torn in its middle proves none of its ports closed", async () => {
		const at = whole.indexOf('portid="80"', whole.indexOf("127.0.0.2"));
		const found = await readContent(whole.slice(0, at) + whole.slice(whole.indexOf("</ports>", at) - 4));
		expect(found.hosts.map(({ coverage }) => coverage.closedTcp.length > 0)).toEqual([true, false, true]);
		expect(found.end.notes).toContain("1 host in which the file is damaged: of them nothing is taken to be over.");
	});

	test("with tags that close nothing, or are none, goes on", async () => {
		const junk = '</host></nothing><1 a=b><port <<>< "';
		const found = await readContent(nmapHead + nmapHost("127.0.0.1") + junk + nmapHost("127.0.0.2") + nmapEnd);
		expect(addresses(found)).toContain("127.0.0.1");
		expect(addresses(found)).toContain("127.0.0.2");
		expect(found.end.notes[0]).toMatch(/damaged in \d+ places/);
	});

	test("of something else is named as such", async () => {
		for (const other of ["", "hello", "<html><body>", "{}", "\0\0\0\0", "<SCAN/>", "<".repeat(100_000)]) {
			await expect(readContent(other), other.slice(0, 9)).rejects.toThrow(/neither nmap's XML nor a Nessus file/);
		}
		await expect(readContent(gzipSync("x").subarray(0, 9))).rejects.toThrow(/cut off or damaged/);
	});

	test("that unpacks without end is a bomb", async () => {
		const bomb = gzipSync(Buffer.concat([Buffer.from(nmapHead + nmapHost("127.0.0.1")), Buffer.alloc(300 << 20, " ")]));
		const found = await readContent(bomb);
		expect(found.end.cut).toMatch(/unpacks to more than is sensible/);
		expect(found.hosts).toHaveLength(1);
	});

	test("hostile words stay as they are, for the display to make harmless", async () => {
		const words = "\u001b]52;c;AAAA\u0007\u202egnp.exe\u0000";
		const escaped = "&#27;]52;c;AAAA&#7;\u202egnp.exe\u0000";
		const item = nessusItem(7, 80, `<plugin_output>${escaped}</plugin_output>`);
		const { hosts } = await readContent(nessusFile(nessusHost("127.0.0.9", item)));
		const report = hosts[0]?.records.find(({ kind, port }) => kind === "nessus" && port === 80);
		expect(report).toMatchObject({ data: { reports: [{ output: words }] } });
	});

	test("of any bytes and any damage never throws but to refuse it", async () => {
		const nessus = nessusFile(nessusHost("127.0.0.9", nessusItem(7)), { plugins: [7] });
		const damaged = fc
			.tuple(
				fc.constantFrom(whole, nessus),
				fc.array(fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 8 })), { maxLength: 12 }),
			)
			.map(([text, cuts]) => {
				let bytes = Buffer.from(text);
				for (const [at, put] of cuts) {
					const place = at % bytes.length;
					bytes = Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + (at % 5))]);
				}
				return bytes;
			});
		await fc.assert(
			fc.asyncProperty(fc.oneof(damaged, fc.uint8Array({ maxLength: 500 })), async (bytes) => {
				const found = await readContent(bytes).catch((err: unknown) => err);
				if (found instanceof Error) expect(found).toMatchObject({ code: "invalid" });
				else expect(found).toHaveProperty("end.format");
			}),
			{ numRuns: 300 },
		);
	});
});
