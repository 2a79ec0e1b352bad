/** What a scan would do, said before it starts: for `--dry-run`, and for the question before a large one. */
import { AppError } from "../../protocol/errors.ts";
import type { ScanEstimate } from "../../protocol/model/scan.ts";
import { compact, count, plural } from "../text/format.ts";
import { harmless } from "../text/harmless.ts";
import { askLine } from "./ask-line.ts";
import type { CommandContext } from "./command.ts";

/** A scan that takes so long may be hurried by another profile. Seconds. */
const worthAWord = 10;

/** Addresses, packets, time; what groups and files stand for; what is not scanned. */
export function estimateLines(estimate: ScanEstimate): string[] {
	const { addresses, excluded, ports, packets, seconds, mostSeconds, names = 0, meanings = [] } = estimate;
	const lines = [`Addresses  ${count(addresses)}${excluded > 0 ? `, and ${count(excluded)} excluded` : ""}`];
	for (const { target, addresses, names } of meanings) {
		const named = names > 0 ? ` and ${plural(names, "host name")}` : "";
		lines.push(`           ${harmless(target)} is ${plural(addresses, "address", "addresses")}${named} now`);
	}
	if (names > 0) lines.push(`Names      ${count(names)}`);
	const asked = ports === 0 ? "none, only whether somebody is there" : `${count(ports)} of each address`;
	lines.push(`Ports      ${asked}; ${compact(estimate.probes)} probes`);
	if (packets !== undefined) {
		const same = packets.least === packets.most;
		const range = same
			? compact(packets.most)
			: `${compact(packets.least)} (nobody there) to ${compact(packets.most)} (all there, all silent)`;
		lines.push(`Packets    ${range}, and what examining services takes`);
	}
	const worst =
		mostSeconds !== undefined && roughly(mostSeconds) !== roughly(seconds)
			? `, ${roughly(mostSeconds)} if each port of each is silent`
			: "";
	lines.push(`Time       ${roughly(seconds)} if every address is alive${worst}`);
	if (estimate.logins)
		lines.push(
			`Logins     to ${count(estimate.logins)} of these addresses, for which there is a credential; what that takes comes on top`,
		);
	if (seconds >= worthAWord && estimate.heldBy !== undefined)
		lines.push(`Held by    ${estimate.heldBy}, as the profile says (vedette profile list)`);
	const { notScanned = [], notScannedTotal = 0 } = estimate;
	if (notScannedTotal > 0) lines.push(`Left out   ${plural(notScannedTotal, "target")}:`);
	for (const { target, why } of notScanned) lines.push(`           ${harmless(target)}: ${harmless(why)}`);
	if (notScanned.length < notScannedTotal)
		lines.push(`           and ${count(notScannedTotal - notScanned.length)} more`);
	if (estimate.needsConfirmation) lines.push("Size       large: it starts only when that is confirmed (--yes)");
	return lines;
}

/** Asks at a terminal; throws `too-large` where nobody can be asked, and `cancelled` for anything but a yes. */
export async function confirmLarge(ctx: CommandContext, estimate: ScanEstimate): Promise<void> {
	const size = `${plural(estimate.addresses, "address", "addresses")}${estimate.ports === 0 ? "" : ` × ${plural(estimate.ports, "port")}`}`;
	const text = `This would ask ${size}, about ${roughly(estimate.seconds)} if every address is alive.`;
	if (ctx.stdin.isTTY !== true || ctx.stderr.isTTY !== true)
		throw new AppError("too-large", text, {
			hint: "Nothing was sent. If you mean it, add --yes; else narrow the targets or the ports (--ports light).",
		});
	const answer = await askLine(ctx, `${text}\n${estimateLines(estimate).slice(0, -1).join("\n")}\nStart it? [y/N] `);
	if (!/^y(es)?$/i.test(answer.trim())) throw new AppError("cancelled", "Nothing was sent.");
}

/** `40 seconds`, `3 hours`, `12 days`. */
function roughly(seconds: number): string {
	const steps: [number, string][] = [
		[86_400 * 365, "years"],
		[86_400, "days"],
		[3_600, "hours"],
		[60, "minutes"],
	];
	for (const [size, name] of steps) if (seconds >= size * 2) return `${count(Math.round(seconds / size))} ${name}`;
	return plural(Math.max(1, Math.round(seconds)), "second");
}
