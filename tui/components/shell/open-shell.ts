/** The question before a shell: as whom, and where. */
import { get } from "../../../protocol/methods/assets.ts";
import { list, open } from "../../../protocol/methods/shells.ts";
import type { Asset, AssetDetail, Service } from "../../../protocol/model/asset.ts";
import type { ScreenContext } from "../../screens/view.ts";
import { plainLines } from "../../text/plain.ts";
import { type Block, drawDocument } from "../reader/document.ts";

export interface ShellWish {
	readonly asset: Pick<Asset, "id" | "name" | "addresses">;
	/** Where ssh answers; 22 when that is not known. */
	readonly port: number;
	/** Stands beside the shell when the pane is split: what one is there for. */
	readonly beside: readonly string[];
}

/** The same on the asset of that number; what stands beside it is made of what is known of the asset. */
export function openShellOn(
	context: ScreenContext,
	id: number,
	beside: (detail: AssetDetail) => readonly string[],
): void {
	context.opens(
		context.client
			.call(get, { id })
			.then((detail) =>
				openShell(context, { asset: detail.asset, port: sshPortOf(detail.services), beside: beside(detail) }),
			),
	);
}

/** As many columns as stand beside a shell in a window of 80. */
const besideWidth = 78;

/** What is to be read beside a shell, as lines. */
export function besideShell(blocks: readonly Block[]): string[] {
	return plainLines(drawDocument(blocks, besideWidth)).split("\n");
}

/** Goes to a shell of ours that still runs there, else asks and opens one. */
export function openShell(context: ScreenContext, wish: ShellWish): void {
	const { asset, beside } = wish;
	context.opens(
		context.client.call(list, {}).then(({ items }) => {
			const running = items.find((one) => one.asset.id === asset.id && one.exit === null);
			if (running) context.open({ to: "shell", shell: running.id, beside });
			else ask(context, wish);
		}),
	);
}

function ask(context: ScreenContext, { asset, port, beside }: ShellWish): void {
	context.open({
		to: "form",
		form: {
			title: `Shell on ${asset.name}`,
			verb: "connects",
			fields: [
				{ name: "user", label: "User", value: "", hint: "empty: what ssh's configuration says" },
				{
					...{ name: "address", label: "Address", value: asset.addresses[0] ?? "" },
					...(asset.addresses.length > 1 ? { choices: asset.addresses } : {}),
					hint: "of this asset",
				},
				{ name: "port", label: "Port", value: String(port), hint: "where ssh answers" },
			],
			preview: () => ["The ssh of the daemon's user, from its machine. It is in the audit log; what is typed is not."],
			async submit({ user = "", address = "", port: typed = "" }) {
				const shell = await context.client.call(open, {
					...{ asset: asset.id, address, port: Number(typed) },
					// The pane tells its real size as soon as it is laid out.
					...{ columns: 80, rows: 20 },
					...(user === "" ? {} : { user }),
				});
				return { to: "shell", shell: shell.id, beside };
			},
		},
	});
}

/** The first port where ssh was seen; 22 when it was seen nowhere. */
export function sshPortOf(services: readonly Service[]): number {
	return services.find(({ name, protocol }) => name === "ssh" && protocol === "tcp")?.port ?? 22;
}
