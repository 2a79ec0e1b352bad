/** What would mend an asset's findings: from what is known of its packages, and from what the checks say. */
import type { HostRemedy } from "../../protocol/model/remedy.ts";
import { newestOf, withoutReplaced } from "../assess/newest-evidence.ts";
import type { RecordOf } from "../evidence/record.ts";
import { advisoryFolder } from "../knowledge/advisories/advisory-signature.ts";
import type { AdvisoryBook } from "../knowledge/advisories/book.ts";
import type { StoredRecord } from "../store/evidence.ts";
import type { RemedyFinding } from "../store/remedy-findings.ts";
import { isoOf } from "../store/time.ts";
import { placeOf } from "../store/verification.ts";
import { upgradeCommands } from "./upgrade-commands.ts";
import { planUpgrades, type Upgrade, type UpgradePlan } from "./upgrades.ts";

/** What everything runs on: only a reboot brings an upgrade of it into force everywhere. */
const everywhere = /^(glibc|musl|systemd|dbus|dbus-broker|linux-firmware|[a-z-]*microcode[a-z_-]*)$/;

/** `findings` are those of one asset, at least one; `records` all that is known of it. */
export function planRemedy(
	findings: readonly RemedyFinding[],
	records: readonly StoredRecord[],
	book: AdvisoryBook | null,
): HostRemedy {
	const [first] = findings;
	if (first === undefined) throw new Error("a remedy for no finding");
	const current = withoutReplaced(records);
	const packages = newestOf(current, "packages", first.address);
	const system = newestOf(current, "system", first.address)?.data ?? null;
	const byAdvisory = findings.filter(({ signature }) => signature.startsWith(advisoryFolder));
	const wanted = new Set(byAdvisory.map(nameOf));
	const plan: UpgradePlan =
		packages === null || book === null
			? { upgrades: [], closes: new Set(), stays: new Map(), problem: whyNot(packages) }
			: planUpgrades(system, packages.data, wanted, (own, listed) => book.judgeHost(own, listed));
	const { upgrades, closes, stays, problem } = plan;
	const none = { commands: [], checks: [], unsafe: [] };
	const told = packages === null ? none : upgradeCommands(packages.data.manager, system?.os ?? null, upgrades);
	const unsafe = new Set(told.unsafe);
	const reasonAgainst = (one: RemedyFinding) => {
		const name = nameOf(one);
		if (isHeldBack(name, upgrades, unsafe)) return "its package has a name that no packager allows: it is left out";
		return closes.has(name) ? null : (problem ?? stays.get(name) ?? itsOver);
	};
	return {
		asset: { id: first.asset, name: first.assetName },
		system: system?.os?.name ?? null,
		manager: packages?.data.manager ?? null,
		upgrades: upgrades.map(({ isKernel: _, isOwnVersion: __, advisories, ...one }) => ({
			...one,
			advisories: [...advisories],
		})),
		commands: [...told.commands],
		checks: [...told.checks],
		unsafe: [...unsafe],
		closes: byAdvisory.filter((one) => reasonAgainst(one) === null).map(({ id }) => id),
		reboot: rebootFor(upgrades),
		waiting: waitingOf(current),
		without: byAdvisory.flatMap((one) => {
			const reason = reasonAgainst(one);
			return reason === null ? [] : [restOf(one, reason)];
		}),
		other: findings.filter((one) => !byAdvisory.includes(one)).map((one) => restOf(one, one.solution)),
	};
}

const itsOver = "by what is known now it does not hold any more: test it again";

function nameOf({ signature }: RemedyFinding): string {
	return signature.slice(advisoryFolder.length);
}

function isHeldBack(advisory: string, upgrades: readonly Upgrade[], unsafe: ReadonlySet<string>): boolean {
	return upgrades.some((one) => unsafe.has(one.package) && one.advisories.includes(advisory));
}

function whyNot(packages: RecordOf<"packages"> | null): string {
	return packages === null
		? "its packages are not known: nobody has logged in"
		: "no feed of advisories has been taken in";
}

function restOf({ id, title, address, port, protocol }: RemedyFinding, what: string): HostRemedy["other"][number] {
	return { finding: id, title, place: placeOf(address, port, protocol), what };
}

function rebootFor(upgrades: readonly Upgrade[]): string | null {
	if (upgrades.some(({ isKernel }) => isKernel)) return "the kernel is among them";
	const found = upgrades.find((one) => everywhere.test(one.source));
	return found === undefined ? null : `everything that runs uses ${found.source}`;
}

/** As the newest look at it says. */
function waitingOf(records: readonly StoredRecord[]): HostRemedy["waiting"] {
	const looks = records.filter(
		(record): record is Extract<StoredRecord, { kind: "restart" }> => record.kind === "restart",
	);
	const newest = looks.toSorted((a, b) => b.observedAt - a.observedAt)[0];
	if (newest === undefined) return null;
	const { rebootRequired, services } = newest.data;
	return { reboot: rebootRequired, services, seenAt: isoOf(newest.observedAt) };
}
