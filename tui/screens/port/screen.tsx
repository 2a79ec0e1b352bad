/** One port of an asset: what answers there, what is wrong with it, and the evidence as it was stored. */
import { get, watch } from "../../../protocol/methods/assets.ts";
import { list as listFindings } from "../../../protocol/methods/findings.ts";
import type { AssetDetail, Service } from "../../../protocol/model/asset.ts";
import type { Finding } from "../../../protocol/model/finding.ts";
import { evidenceBlocks, servicePieces } from "../../components/asset/describe-asset.ts";
import { findingLine, whereOf } from "../../components/finding/describe-finding.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import type { Block } from "../../components/reader/document.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { Surface } from "../../terminal/surface.tsx";
import { age, plural } from "../../text/format.ts";
import { handle, type RouteOf, type Screen } from "../view.ts";

interface Loaded {
	readonly detail: AssetDetail;
	readonly findings: readonly Finding[];
}

export const port: Screen<"port"> = {
	id: "port",
	title: "Port",
	open(route, context) {
		/** The address is quoted: IPv6 has colons. */
		const filter = `address:\`${route.address}\` and port:${route.port}`;
		const reader = createReader<Loaded>(
			context,
			async () => {
				const detail = await context.client.call(get, { id: route.asset });
				const { items } = await context.client.call(listFindings, { filter, limit: 200 });
				return { detail, findings: items.filter((item) => isOn(route, item)) };
			},
			(loaded) => blocksOf(route, loaded, context.now()),
		);
		const subscription = context.client.subscribe(
			watch,
			{},
			{ onSnapshot: () => undefined, onEvent: () => reader.reload() },
		);
		subscription.ready.catch(() => undefined);
		return {
			route,
			scopes: ["port", "reader", "searching"],
			handlers: {
				...handle<"reader" | "searching">(reader.handlers),
				...handle<"port">({ findings: { run: () => context.open({ to: "findings", filter }) } }),
			},
			rows: reader.rows,
			crumbs: () => ({ path: [`${route.port}/${route.protocol}`] }),
			copy: () => reader.copy("the evidence"),
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) =>
						drawFrame(width, height, { title: whereOf(route), focused: true, content: reader.draw })
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

type Place = Pick<RouteOf<"port">, "address" | "port" | "protocol">;

function isOn(place: Place, other: Pick<Finding, "address" | "port" | "protocol"> | Service): boolean {
	return other.address === place.address && other.port === place.port && other.protocol === place.protocol;
}

function blocksOf(place: Place, { detail, findings }: Loaded, now: number): Block[] {
	const service = detail.services.find((one) => isOn(place, one));
	const blocks: Block[] = service
		? [
				{ kind: "pieces", pieces: servicePieces(service) },
				{ kind: "text", text: `last seen ${age(service.lastSeen, now)} ago`, token: "muted" },
			]
		: [{ kind: "text", text: "The port is not open any more.", token: "muted" }];
	blocks.push({ kind: "heading", text: findings.length === 0 ? "No finding" : plural(findings.length, "finding") });
	for (const finding of findings) blocks.push({ kind: "pieces", pieces: findingLine(finding) });
	return [
		...blocks,
		...evidenceBlocks(
			detail.records.filter((record) => isOn(place, record)),
			now,
		),
	];
}
