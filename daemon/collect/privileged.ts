/** The commands that collectors run as root, as rules of sudoers(5) and doas.conf(5) that allow them and nothing else. */
import { collectors } from "./index.ts";

/** Each once, in order. */
export function privilegedOf(): string[] {
	return [...new Set(collectors.flatMap(({ privileged }) => privileged))];
}

/** What they are called, without folders and arguments. */
export function privilegedPrograms(): string[] {
	return [...new Set(privilegedOf().map((command) => programOf(command)))];
}

export interface DropIn {
	/** Where it goes on the host. */
	readonly file: string;
	readonly text: string;
}

/**
 * What allows one account these commands. `places` has programs of a host by name: one that is not there is left out, and
 * each stands where it is there; an empty one is a host that did not say. `user` is a name of the host's. The account itself
 * says where they are: one that lies elsewhere than in root's own folders stands where it usually is.
 */
export function dropInFor(tool: "sudo" | "doas", user: string, places: Readonly<Record<string, string>> = {}): DropIn {
	const known = Object.keys(places).length > 0;
	const commands = privilegedOf().flatMap((command) => {
		const program = programOf(command);
		if (!known) return [command];
		const place = Object.hasOwn(places, program) ? places[program] : undefined;
		if (place === undefined) return [];
		return isRoots(place, program) ? [place + command.slice(command.indexOf(" "))] : [command];
	});
	if (tool === "doas") return doasFor(user, commands);
	// Old RHEL wants a terminal unless told otherwise; sudo-rs has no such word, and refuses a file that holds one.
	return sudoersFor(user, commands, Object.hasOwn(places, "sudo-rs") ? [] : ["!requiretty"]);
}

/** Whoever may write what a rule allows is root. */
function isRoots(place: string, program: string): boolean {
	return rootsFolders.some((folder) => place === `${folder}/${program}`);
}

const rootsFolders = [
	...["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/local/sbin"],
	// NixOS.
	...["/run/current-system/sw/bin", "/run/wrappers/bin"],
];

function programOf(command: string): string {
	const [path = ""] = command.split(" ", 1);
	return path.slice(path.lastIndexOf("/") + 1);
}

function sudoersFor(user: string, commands: readonly string[], defaults: readonly string[]): DropIn {
	const name = user.replace(/[^A-Za-z0-9_.$-]/g, (one) => `\\${one}`);
	const lines = commands.map((command) => `    ${command.replace(/[:=,\\]/g, (one) => `\\${one}`)}`);
	const text = [
		"# What Vedette runs as root on this host. Check with: visudo -cf FILE",
		`Cmnd_Alias VEDETTE = \\`,
		lines.join(", \\\n"),
		...defaults.map((one) => `Defaults:${name} ${one}`),
		`${name} ALL=(root) NOPASSWD: VEDETTE`,
		"",
	].join("\n");
	return { file: "/etc/sudoers.d/vedette", text };
}

/** doas compares the name as it was typed, which is a bare one but for sshd, that wants to be called by its path. */
function doasFor(user: string, commands: readonly string[]): DropIn {
	const rules = commands.map((command) => {
		const [path = "", ...words] = command.split(" ");
		const typed = programOf(command) === "sshd" ? path : programOf(command);
		return `permit nopass ${doasWord(user)} as root cmd ${typed} args ${words.map(doasWord).join(" ")}`;
	});
	const text = ["# What Vedette runs as root on this host. Check with: doas -C FILE", ...rules, ""].join("\n");
	return { file: "/etc/doas.conf (or /etc/doas.d/vedette.conf where doas reads that)", text };
}

function doasWord(word: string): string {
	return /^[A-Za-z0-9_./-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, (one) => `\\${one}`)}"`;
}
