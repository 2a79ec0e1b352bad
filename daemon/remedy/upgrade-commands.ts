/**
 * Upgrades as commands of the host's package manager. Each manager is told what it can be told: a version that is at least enough
 * where it has words for that (dnf), else the package's name, and a check afterwards. Pure.
 */
import { aptWord, isPackageName } from "../assess/package-words.ts";
import type { DataOf } from "../evidence/record.ts";
import type { Upgrade } from "./upgrades.ts";

export interface UpgradeCommands {
	/** In their order, for a root shell; empty when there is nothing to upgrade. */
	readonly commands: readonly string[];
	/** Each says what is still too old, or where that cannot be told (rpm) which versions there are; none fails for what it finds. */
	readonly checks: readonly string[];
	/** Names no packager allows: they are left out of what people paste into a shell. */
	readonly unsafe: readonly string[];
}

type Os = NonNullable<DataOf<"system">["os"]> | null;
type Manager = DataOf<"packages">["manager"];

/** What dpkg, rpm and apk allow, and a shell leaves alone. */
const safeVersion = /^[A-Za-z0-9][A-Za-z0-9+.:~^_-]{0,200}$/;

/** Names on one line; more of them make another command, which a terminal and a shell still take. */
const mostNames = 200;

export function upgradeCommands(manager: Manager, os: Os, upgrades: readonly Upgrade[]): UpgradeCommands {
	const safe = upgrades.filter((one) => isPackageName(one.package) && safeVersion.test(one.to));
	const unsafe = upgrades.filter((one) => !safe.includes(one)).map((one) => one.package);
	const tool = toolOf(manager, os);
	const wanted = [...new Map(safe.map((one) => [one.package, one])).values()];
	const words = [...new Set(wanted.map((one) => tool.word(one)))];
	const batches = Array.from({ length: Math.ceil(words.length / mostNames) }, (_, at) =>
		words.slice(at * mostNames, (at + 1) * mostNames),
	);
	const commands = batches.map((batch) => `${tool.install} ${batch.join(" ")}`);
	return {
		commands: commands.length === 0 ? [] : [...tool.before, ...commands],
		checks: [
			...Map.groupBy(
				wanted.filter(({ isKernel }) => !isKernel),
				({ to }) => to,
			),
		].map(([to, own]) => tool.check(own.map((one) => one.package).join(" "), to)),
		unsafe,
	};
}

interface Tool {
	readonly before: readonly string[];
	readonly install: string;
	word(upgrade: Upgrade): string;
	/** `names` are some of one command; `to` is enough for all of them. */
	check(names: string, to: string): string;
}

function toolOf(manager: Manager, os: Os): Tool {
	if (manager === "dpkg") return apt;
	if (manager === "apk") return apk;
	if (os?.id === "sles" || os?.id.startsWith("opensuse")) return zypper;
	const isOld = os?.id === "rhel" && /^[67](\.|$)/.test(os.version ?? "");
	if (os?.id === "photon") return { ...rpm, install: "tdnf upgrade -y" };
	return isOld ? { ...rpm, install: "yum update -y" } : dnf;
}

/**
 * With nobody to answer, dpkg gives up at a changed file of the configuration and leaves the package half configured: the file
 * stays as it was changed, and the packager's is put beside it (dpkg(1), --force-confdef and --force-confold).
 */
const aptInstall =
	"DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install";

const apt: Tool = {
	before: ["apt-get update"],
	install: `${aptInstall} --only-upgrade -y`,
	word: ({ package: name }) => aptWord(name),
	check: (names, to) =>
		eachOf(
			`dpkg-query -W -f '\${Package} \${source:Version}\\n' ${names}`,
			`dpkg --compare-versions "$v" ge '${to}'`,
			to,
		),
};

const apk: Tool = {
	before: ["apk update"],
	install: "apk upgrade",
	word: ({ package: name }) => name,
	check: (names, to) =>
		eachOf(
			`apk list -I ${names} | sed 's/-\\([0-9][^ -]*-r[0-9]*\\) .*/ \\1/'`,
			`test "$(apk version -t "$v" '${to}')" != '<'`,
			to,
		),
};

const rpm: Tool = {
	before: [],
	install: "",
	word: ({ package: name }) => name,
	// It fails where one of the names is there no more, as something else took its place.
	check: (names, to) => `rpm -q ${names} || true # enough: ${to}`,
};

/** `'name >= version'` is a package specification of DNF's; a version without its epoch would be compared as epoch 0. */
const atLeast = ({ package: name, to, isOwnVersion, isKernel }: Upgrade) =>
	isOwnVersion && !isKernel ? `'${name} >= ${to}'` : name;

const dnf: Tool = { ...rpm, before: ["dnf makecache"], install: "dnf upgrade -y", word: atLeast };

const zypper: Tool = {
	...rpm,
	before: ["zypper refresh"],
	install: "zypper --non-interactive update",
	// `update` takes names alone; `install` would also add what is not there.
	word: ({ package: name }) => name,
};

/** `list` prints a name and a version a line. */
function eachOf(list: string, isEnough: string, to: string): string {
	return `${list} | while read -r p v; do ${isEnough} || echo "$p $v is still older than ${to}"; done`;
}
