/** One asset: overview, ports, findings, identity and evidence, a tab each. */
import { get, watch } from "../../../protocol/methods/assets.ts";
import { list as listFindings } from "../../../protocol/methods/findings.ts";
import type { AssetDetail, Service } from "../../../protocol/model/asset.ts";
import type { Finding } from "../../../protocol/model/finding.ts";
import { evidenceBlocks, servicePieces, summarizeAsset } from "../../components/asset/describe-asset.ts";
import { identityTabBlocks } from "../../components/asset/describe-identity.ts";
import { findingLine } from "../../components/finding/describe-finding.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import { createPicker, type Picker } from "../../components/list/picker.ts";
import { openPurge } from "../../components/purge/purge-forms.ts";
import type { Block } from "../../components/reader/document.ts";
import type { Finder } from "../../components/reader/finder.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { mendingHandlers } from "../../components/remedy/mending.ts";
import { startScan } from "../../components/scan/scan-actions.ts";
import { openShell, sshPortOf } from "../../components/shell/open-shell.ts";
import { keyOf } from "../../keys/find-binding.ts";
import { Surface } from "../../terminal/surface.tsx";
import { plainText } from "../../text/plain.ts";
import { takersOf } from "../../text/stranded-words.ts";
import { cell, line, type Piece, widthOfPieces } from "../../theme/line.ts";
import { severitySummary, totalOf } from "../../theme/severity.ts";
import { type Handler, handle, type Route, type Screen } from "../view.ts";
import { countsOnPort, findingsFilter, nextTab, type Tab, tabs } from "./model.ts";

interface Loaded {
	readonly detail: AssetDetail;
	readonly findings: readonly Finding[];
	readonly total: number;
}

const shownFindings = 200;

export const asset: Screen<"asset"> = {
	id: "asset",
	title: "Asset",
	open(route, context) {
		let tab: Tab = "Overview";
		const reader = createReader<Loaded>(
			context,
			async () => {
				const detail = await context.client.call(get, { id: route.asset });
				const filter = findingsFilter(detail.asset);
				const { items, total } = await context.client.call(listFindings, { filter, limit: shownFindings });
				return { detail, findings: items.filter((item) => item.asset.id === route.asset), total };
			},
			(loaded) => blocksOf(tab, loaded, context.now()),
		);
		const subscription = context.client.subscribe(
			watch,
			{},
			{ onSnapshot: () => undefined, onEvent: () => reader.reload() },
		);
		subscription.ready.catch(() => undefined);
		const ports = createPicker<Service>(context);
		const findings = createPicker<Finding>(context);
		const current = () => reader.value()?.detail.asset;
		/** What the movement keys move: a cursor on the tabs with rows, the text on the others. */
		const picker = () => (tab === "Ports" ? ports : tab === "Findings" ? findings : undefined);
		const moving = (action: keyof Picker<never>["handlers"]): Handler => ({
			run: () => (picker() ?? reader).handlers[action].run(),
		});
		const finding = (action: keyof Finder): Handler => {
			const handler = () => (picker()?.searching ?? reader.handlers)[action];
			return { run: () => handler().run(), disabled: () => handler().disabled?.() };
		};

		function pointedAt(): Route | undefined {
			const row = current();
			const service = tab === "Ports" ? ports.current() : undefined;
			const finding = tab === "Findings" ? findings.current() : undefined;
			if (service) return { to: "port", asset: route.asset, ...placeOf(service) };
			if (finding) return { to: "finding", finding: finding.id };
			return row && { to: "findings", filter: findingsFilter(row) };
		}

		function drawTab(width: number, height: number): string[] {
			const loaded = reader.value();
			if (!loaded || tab === "Overview" || tab === "Identity" || tab === "Evidence") return reader.draw(width, height);
			if (tab === "Findings")
				return findings.draw(loaded.findings, width, height, findingLine, "Nothing is open on this asset.");
			const describe = (service: Service) => portPieces(service, loaded.findings);
			return ports.draw(loaded.detail.services, width, height, describe, "No open port was seen.");
		}

		const show = (step: number) => {
			tab = nextTab(tab, step);
			reader.toTop();
			context.changed();
		};
		const disabled = () => (current() ? undefined : "The asset is not here yet.");
		const withoutAddress = () =>
			current()?.addresses.length === 0 ? "Somebody else has its address now: it has none." : disabled();
		return {
			route,
			scopes: ["asset", "mending", "reader", "searching"],
			targets: () => tabs.map((text) => ({ text, run: () => show(tabs.indexOf(text) - tabs.indexOf(tab)) })),
			handlers: {
				...handle<"searching">({
					search: finding("search"),
					"next-match": finding("next-match"),
					"previous-match": finding("previous-match"),
				}),
				...handle<"reader">({
					down: moving("down"),
					up: moving("up"),
					"page-down": moving("page-down"),
					"page-up": moving("page-up"),
					first: moving("first"),
					last: moving("last"),
				}),
				...mendingHandlers(context, () => {
					const row = current();
					return row && { filter: findingsFilter(row), what: `findings of ${row.name}` };
				}),
				...handle<"asset">({
					"next-tab": { run: () => show(1) },
					"previous-tab": { run: () => show(-1) },
					open: {
						run() {
							const target = pointedAt();
							if (target) context.open(target);
						},
						word: () => (tab === "Ports" ? "evidence" : tab === "Findings" ? "open" : "findings"),
						disabled,
					},
					rescan: {
						run() {
							const row = current();
							if (row && row.addresses.length > 0) startScan(context, row.addresses, row.name, row.network);
						},
						disabled: withoutAddress,
					},
					merge: {
						run() {
							const stranded = reader.value()?.detail.stranded;
							const assets = stranded ? [route.asset, ...takersOf(stranded).slice(0, 1)].sort((a, b) => a - b) : [];
							if (assets.length > 1) context.open({ to: "duplicate", chosen: { assets, merged: reader.reload } });
						},
						disabled: () => whyNotMerged(reader.value()?.detail),
					},
					purge: { run: () => openPurge(context, `id:${route.asset}`, reader.reload), disabled },
					shell: {
						run() {
							const loaded = reader.value();
							if (!loaded) return;
							const { detail } = loaded;
							const beside = loaded.findings.map((one) => plainText(findingLine(one)));
							openShell(context, { asset: detail.asset, port: sshPortOf(detail.services), beside });
						},
						disabled: withoutAddress,
					},
				}),
			},
			rows: reader.rows,
			crumbs: () => ({ path: [current()?.name ?? `Asset ${route.asset}`] }),
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) =>
						drawFrame(width, height, {
							title: current()?.name ?? "Asset",
							focused: true,
							content: (inner, lines) => [
								line(inner, tabPieces(tab, reader.value())),
								line(inner, []),
								...drawTab(inner, lines - 2),
							],
						})
					}
				/>
			),
			copy() {
				const service = tab === "Ports" ? ports.current() : undefined;
				if (service) return { what: "the port", text: plainText(servicePieces(service)) };
				const finding = tab === "Findings" ? findings.current() : undefined;
				if (finding) return { what: "the finding", text: plainText(findingLine(finding)) };
				return reader.copy("the text");
			},
			close() {
				subscription.close();
				reader.close();
			},
		};
	},
};

function whyNotMerged(detail: AssetDetail | undefined): string | undefined {
	if (detail?.stranded != null && takersOf(detail.stranded).length > 0) return undefined;
	return `Nobody else has its address: mark it and another in Assets, ${keyOf("assets", "merge")} merges them.`;
}

function tabPieces(active: Tab, loaded: Loaded | undefined): Piece[] {
	const counts: Record<Tab, number | undefined> = {
		Overview: undefined,
		Identity: undefined,
		Ports: loaded?.detail.services.length,
		Findings: loaded?.total,
		Evidence: loaded?.detail.records.length,
	};
	return tabs.flatMap((tab): Piece[] => {
		const label = counts[tab] === undefined ? tab : `${tab} ${counts[tab]}`;
		return [[` ${label} `, tab === active ? "tabActive" : "tab"], [" "]];
	});
}

function placeOf({ address, port, protocol }: Service): Pick<Service, "address" | "port" | "protocol"> {
	return { address, port, protocol };
}

function portPieces(service: Service, findings: readonly Finding[]): Piece[] {
	const counts = countsOnPort(findings, service);
	const open: Piece[] = totalOf(counts) === 0 ? [] : severitySummary(counts);
	const blank: Piece = [" ".repeat(Math.max(1, countsWidth - widthOfPieces(open)))];
	const [place = [""], name = [""], ...rest] = servicePieces(service);
	return [cell(place[0], 10, "address"), name, ...open, blank, ...rest];
}

/** Room for one figure of each severity; more push what follows aside. Columns. */
const countsWidth = 16;

function blocksOf(tab: Tab, loaded: Loaded, now: number): readonly Block[] {
	if (tab === "Identity") return identityTabBlocks(loaded.detail, now);
	if (tab === "Evidence") return evidenceBlocks(loaded.detail.records, now);
	return summarizeAsset(loaded.detail.asset, loaded.detail, now);
}
