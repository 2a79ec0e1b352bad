import { expect, test, vi } from "vitest";
import * as scans from "../../protocol/methods/scans.ts";
import { openTestConsole, type TestConsole } from "../../test/support/console.ts";
import { createFakeClient, type FakeClient } from "../connect/fake-client.test-support.ts";
import type { Draw } from "../terminal/layers.ts";
import { Painter } from "../terminal/painter.ts";
import { hostileStrings } from "../text/hostile-strings.test-support.ts";
import { widthOf } from "../text/width.ts";
import { sampleRoutes } from "./sample-routes.test-support.ts";
import type { Route } from "./view.ts";

const hostile = hostileStrings.map(([, text]) => text.slice(0, 40)).join(" ");
const routes = sampleRoutes(hostile);
const allowed =
	/\u001b\]11;\?\u001b\\|\u001b\[(\?(1049|25|7|2004|2026|1004|1007|1000|1002|1006)[hlsr]|[\d;]*[HGKmSTrJ])/g;

/** Keeps an eye on every row that is drawn: exactly as wide as its surface, and no more of them than fit. */
function watchRows(): { problems: Set<string>; stop(): void } {
	const problems = new Set<string>();
	const setSurface = Painter.prototype.setSurface;
	const spy = vi.spyOn(Painter.prototype, "setSurface").mockImplementation(function (this: Painter, id, place, draw) {
		const checked: Draw = (width, height, origin) => {
			const rows = draw(width, height, origin);
			if (rows.length > height) problems.add(`${rows.length} rows for ${height}`);
			for (const row of rows) {
				const bare = row.replace(/\u001b\[[\d;]*m/g, "");
				if (widthOf(bare) !== width) problems.add(`${widthOf(bare)} columns for ${width}: ${JSON.stringify(bare)}`);
			}
			return rows;
		};
		setSurface.call(this, id, place, checked);
	});
	return { problems, stop: () => spy.mockRestore() };
}

async function walk(desk: TestConsole, client: FakeClient, text: string, route: Route): Promise<void> {
	await desk.terminal.waitFor((shown) => !shown.includes("Asking"));
	if (route.to === "scan") {
		const at = "2026-03-01T11:59:58.000Z";
		client.push(scans.follow, {
			kind: "results",
			results: [
				{ kind: "host", at, address: "10.0.0.9", alive: true, how: text },
				{
					kind: "service",
					at,
					address: "10.0.0.9",
					port: 22,
					protocol: "tcp",
					name: text,
					product: text,
					version: text,
					tls: true,
				},
				{
					kind: "finding",
					at,
					id: 4,
					address: "10.0.0.9",
					port: null,
					severity: 5,
					type: "confirmed",
					title: text,
					change: "new",
				},
				{ kind: "log", at, level: "warn", text },
			],
		});
		await desk.terminal.waitFor(/11:59:58/);
	}
	if (route.to === "asset") for (const _ of [1, 2, 3]) await desk.press("tab");
	if (route.to === "scans" && text !== "") await desk.press("X");
	if (route.to === "finding" || route.to === "dashboard") await desk.press("ctrl-k");
}

/** Screens draw with the same few parts: each gets every third string, and all get all of them in one. */
const stringsOf = (at: number) => [
	["all in one", hostile] as const,
	...hostileStrings.filter((_, index) => index % 3 === at % 3),
];

test.each(routes.map((route, at) => [route.to, route, stringsOf(at)] as const))(
	"no string of a host reaches the terminal as anything but text: %s",
	async (_, route, strings) => {
		const rows = watchRows();
		for (const [what, text] of strings) {
			const client = createFakeClient({ text, findings: 12, assets: 8 });
			const desk = openTestConsole({ client, screen: route, size: { columns: 80, rows: 24 } });
			await walk(desk, client, text, route);
			const written = desk.terminal.stdout.written.join("").replace(allowed, "");
			await desk.close();
			expect(written, what).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
		}
		rows.stop();
		expect([...rows.problems].slice(0, 5)).toEqual([]);
	},
	60_000,
);

test("every screen fits every size exactly, with any text, and after a resize", async () => {
	const rows = watchRows();
	const texts = [undefined, "漢字テスト한글 ".repeat(9), hostileStrings.map(([, text]) => text.slice(0, 30)).join(" ")];
	let seed = 7;
	const random = (from: number, to: number) => {
		seed = (seed * 48_271) % 0x7fffffff;
		return from + (seed % (to - from + 1));
	};
	for (const route of routes) {
		for (const text of texts) {
			const client = createFakeClient(text === undefined ? {} : { text });
			const desk = openTestConsole({ client, screen: route, size: { columns: random(60, 200), rows: random(18, 60) } });
			await walk(desk, client, text ?? "", route);
			for (let resize = 0; resize < 4; resize++) {
				const size = { columns: random(60, 200), rows: random(18, 60) };
				desk.terminal.resize(size);
				await desk.terminal.waitFor((shown) => shown.includes("vedette"));
				expect(desk.terminal.lines().length).toBe(size.rows);
			}
			await desk.close();
		}
	}
	rows.stop();
	expect([...rows.problems].slice(0, 5)).toEqual([]);
}, 120_000);

test.each([
	{ columns: 60, rows: 18 },
	{ columns: 80, rows: 24 },
	{ columns: 120, rows: 40 },
	{ columns: 160, rows: 45 },
])("tabs, breadcrumb and status line stand where they belong at $columns×$rows", async (size) => {
	for (const route of routes.filter(
		({ to }) => !["new-scan", "help", "facets", "menu", "columns", "views"].includes(to),
	)) {
		const desk = openTestConsole({ screen: route, size });
		await desk.terminal.waitFor((shown) => shown.includes("vedette") && !shown.includes("Asking"));
		const lines = desk.terminal.lines();
		// On a narrow screen the age of the knowledge is worth more than the names of tabs.
		expect(lines[0]).toMatch(size.columns < 80 ? /^ vedette {3}1 / : /^ vedette {3}1 Dashboard/);
		expect(lines.at(-1)).toMatch(/^ ● local/);
		expect(lines.at(-1)?.trimEnd()).toMatch(/\? help$/);
		await desk.close();
	}
});
