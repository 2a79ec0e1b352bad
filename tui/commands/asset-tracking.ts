/** `vedette assets track`: says what would become of each asset, asks, and does it. */
import type { Client } from "../../protocol/client.ts";
import { AppError } from "../../protocol/errors.ts";
import { track } from "../../protocol/methods/assets.ts";
import type { TrackingChange } from "../../protocol/model/identity.ts";
import { count, plural } from "../text/format.ts";
import type { CommandContext } from "./command.ts";
import { type Column, jsonText, lookOf, table } from "./print.ts";

export interface TrackOptions {
	by: string;
	asset?: string[];
	dryRun?: boolean;
	yes?: boolean;
	json?: boolean;
}

const methods = { ip: "IP", dns: "DNSNAME", dnsname: "DNSNAME", netbios: "NETBIOS" } as const;

export async function trackAssets(
	ctx: CommandContext,
	client: Client,
	query: string | undefined,
	options: TrackOptions,
): Promise<void> {
	const request = requestOf(query, options);
	const preview = await client.call(track, { ...request, dryRun: true });
	const apply = options.dryRun !== true && preview.changed > 0;
	if (apply && preview.losing > 0 && options.yes !== true) {
		ctx.print(options.json === true ? jsonText(preview) : tableOf(ctx, preview.items));
		throw new AppError("conflict", "Something would be lost by it.", {
			hint: "What is shown says what. Do it all the same with --yes; purges are undone with: vedette purge undo",
		});
	}
	const done = apply ? await client.call(track, { ...request, dryRun: false }) : preview;
	if (options.json === true) return ctx.print(jsonText(done));
	if (done.items.length > 0) ctx.print(tableOf(ctx, done.items));
	const would = apply ? "" : "would be ";
	const purged = done.purged > 0 ? `, ${plural(done.purged, "older record")} ${would}purged` : "";
	ctx.print(
		`\n${plural(done.changed, "asset")} ${would}changed, ${count(done.already)} already so, ${count(done.refused)} refused${purged}.`,
	);
	if (done.purge !== null)
		ctx.print(
			`What was purged can be put back beside what there is now with: vedette purge undo ${done.purge} --beside`,
		);
	if (done.changed === 0 && done.refused > 0) ctx.exit(1);
}

function requestOf(query: string | undefined, { by, asset }: TrackOptions) {
	const method = methods[by.toLowerCase() as keyof typeof methods];
	if (method === undefined)
		throw new AppError("invalid", `"${by}" is nothing that assets are tracked by.`, {
			hint: "Write ip, dns or netbios. Agents and clouds track theirs by themselves.",
		});
	if ((query === undefined) === (asset === undefined))
		throw new AppError("invalid", "Say which assets: a query, or --asset N.", {
			hint: "For example: vedette assets track --by dns 'address:192.0.2.0/24' --dry-run",
		});
	if (asset === undefined) return { by: method, filter: query ?? "" };
	return { by: method, assets: asset.map(idOf) };
}

function idOf(text: string): number {
	const id = Number(text.replace(/^#/, ""));
	if (Number.isSafeInteger(id) && id > 0) return id;
	throw new AppError("invalid", `"${text}" is no asset's number.`, { hint: "List them with: vedette assets" });
}

function tableOf(ctx: CommandContext, items: readonly TrackingChange[]): string {
	return table(items, columns, lookOf(ctx));
}

const columns: readonly Column<TrackingChange>[] = [
	{ title: "ID", value: ({ asset }) => asset.id, align: "right" },
	{ title: "NAME", value: ({ asset }) => asset.name, max: 40 },
	{ title: "FROM", value: ({ from }) => from },
	{ title: "OUTCOME", value: ({ outcome }) => outcome },
	{ title: "TRACKED BY", value: ({ by }) => by, max: 40 },
	{ title: "WHY NOT, OR WHAT IS LOST", value: ({ why, loses }) => why ?? loses, max: 300 },
];
