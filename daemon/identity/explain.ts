/** Says in words why what was seen is an asset, and why it is not another one. Pure. */
import type { ResolutionRule } from "../../protocol/model/identity.ts";
import type { IdentifierKind } from "../store/identifiers.ts";
import type { Passed, Poisoned, Resolution } from "./resolve.ts";
import { identifierRules } from "./strength.ts";

/** What is kept of a resolution. */
export type KeptResolution = Pick<Resolution, "rule" | "agreed" | "passed">;

const sentences: Readonly<Record<ResolutionRule, string>> = {
	"agent-id": "Its agent says who it is.",
	"host-id": "The host id on the machine is this asset's.",
	"cloud-instance": "The cloud calls it by this asset's instance id.",
	hardware: "Hardware UUID and adapter are this asset's: the same machine, perhaps installed anew.",
	"machine-id": "The machine-id is this asset's.",
	"ssh-host-key": "It shows this asset's SSH host key.",
	"dmi-uuid": "The hardware UUID is this asset's, and nothing contradicts.",
	"tracked-name": "The asset is tracked by its name, and that name was resolved to this address.",
	place: "It has this asset's address, and its adapter or the name it gives itself: the same machine, installed anew.",
	"adapter-and-name": "Adapter and the name it gives itself are this asset's, in this network.",
	address: "It has this asset's address, and nothing contradicts.",
	merged: "It has an address of what was merged into this asset; what speaks against that is told with the merge.",
	new: "Nothing that is known was recognised: a new asset.",
};

export function because({ rule }: Pick<KeptResolution, "rule">): string {
	return sentences[rule];
}

export function becauseNot({ agreed, apart }: Passed): string {
	const common =
		agreed.length === 0 ? "nothing in common" : `${list(agreed.map(({ kind }) => titleOf(kind)))} in common`;
	return apart.length === 0 ? `${common}, and that does not decide` : `${common}, but not ${list(apart.map(titleOf))}`;
}

/** `names`: what the assets are called. */
export function whyPoisoned({
	apart,
	assets,
	address,
}: {
	apart: readonly string[];
	assets: readonly string[];
	address: string;
}): string {
	return `Seen on ${list(assets)} at the same time (last at ${address}), which differ by ${list(apart.map(titleOf))}.`;
}

/** What came in for a merged asset and speaks against the merge. */
export function conflictText(seen: {
	kind: string;
	known: readonly string[];
	seen: readonly string[];
	address: string;
}) {
	const { kind, known, address } = seen;
	if (kind === "boot") return `two were up at once, one of them at ${address}`;
	return `${address} showed another ${titleOf(kind)}: ${list(seen.seen)}, where it had ${list(known)}`;
}

/** What is stored of a poisoned identifier; takes any text. */
export function readPoison(text: string): { asset: number; other: number; apart: string[]; address: string } {
	const { asset = 0, other = 0, apart = [], address = "" } = JSON.parse(text) as Partial<ReturnType<typeof readPoison>>;
	return { asset, other, apart, address };
}

export function poisonText(poison: Poisoned, asset: number, address: string): string {
	return JSON.stringify({ asset, other: poison.asset, apart: poison.apart, address });
}

/** As it is kept; takes what was stored by this program alone. */
export function readResolution(body: string): KeptResolution {
	return JSON.parse(body) as KeptResolution;
}

export function titleOf(kind: string): string {
	const others: Record<string, string> = {
		boot: "the time it was started (two were up at once)",
		"seen-mac": "the adapter that answered",
		name: "the name it is tracked by",
		mac: "adapter",
	};
	return others[kind] ?? identifierRules[kind as IdentifierKind]?.title ?? kind;
}

function list(words: readonly string[]): string {
	const unique = [...new Set(words)];
	return unique.length < 2 ? (unique[0] ?? "") : `${unique.slice(0, -1).join(", ")} and ${unique.at(-1)}`;
}
