/** One asset: overview, ports, findings and evidence, a tab each. */
import { get, watch } from "../../../protocol/methods/assets.ts";
import { list as listFindings } from "../../../protocol/methods/findings.ts";
import type { AssetDetail } from "../../../protocol/model/asset.ts";
import type { Finding } from "../../../protocol/model/finding.ts";
import { evidenceBlocks, findingBlocks, portBlocks, summarizeAsset } from "../../components/asset/describe-asset.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import type { Block } from "../../components/reader/document.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { startScan } from "../../components/scan/scan-actions.ts";
import { Surface } from "../../terminal/surface.tsx";
import { line, type Piece } from "../../theme/line.ts";
import { handle, type Screen } from "../view.ts";
import { findingsFilter, nextTab, type Tab, tabs } from "./model.ts";

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
		const current = () => reader.value()?.detail.asset;
		const show = (step: number) => {
			tab = nextTab(tab, step);
			reader.toTop();
			context.changed();
		};
		const disabled = () => (current() ? undefined : "The asset is not here yet.");
		return {
			route,
			scopes: ["asset", "reader"],
			handlers: {
				...reader.handlers,
				...handle<"asset">({
					"next-tab": { run: () => show(1) },
					"previous-tab": { run: () => show(-1) },
					open: {
						run() {
							const row = current();
							if (row) context.open({ to: "findings", filter: findingsFilter(row) });
						},
						disabled,
					},
					rescan: {
						run() {
							const row = current();
							if (row) startScan(context, row.addresses, row.name);
						},
						disabled,
					},
				}),
			},
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
								...reader.draw(inner, lines - 2),
							],
						})
					}
				/>
			),
			close() {
				subscription.close();
				reader.close();
			},
		};
	},
};

function tabPieces(active: Tab, loaded: Loaded | undefined): Piece[] {
	const counts: Record<Tab, number | undefined> = {
		Overview: undefined,
		Ports: loaded?.detail.services.length,
		Findings: loaded?.total,
		Evidence: loaded?.detail.records.length,
	};
	return tabs.flatMap((tab): Piece[] => {
		const label = counts[tab] === undefined ? tab : `${tab} ${counts[tab]}`;
		return [[` ${label} `, tab === active ? "tabActive" : "tab"], [" "]];
	});
}

function blocksOf(tab: Tab, loaded: Loaded, now: number): readonly Block[] {
	if (tab === "Ports") return portBlocks(loaded.detail.services);
	if (tab === "Findings") return findingBlocks(loaded.findings, loaded.total);
	if (tab === "Evidence") return evidenceBlocks(loaded.detail.records, now);
	return summarizeAsset(loaded.detail.asset, loaded.detail, now);
}
