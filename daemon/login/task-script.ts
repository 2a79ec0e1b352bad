/**
 * The whole of a login's work as one text for `sh -s`: find out who one is, become who one should, run the collectors. A
 * secret stands in this text alone: not in an argument, a file or the environment. Pure.
 */
import type { Collector } from "../collect/collector.ts";
import { privilegedPrograms } from "../collect/privileged.ts";
import { scriptOf } from "../collect/script.ts";

export interface Elevation {
	readonly method: "none" | "sudo" | "su" | "doas";
	/** Who to become. */
	readonly user: string;
	/** Null: none is to be given. */
	readonly password: string | null;
	/** Only single commands are run so, never a shell. */
	readonly singly: boolean;
}

export interface Task {
	readonly elevation: Elevation;
	/** 16 random bytes as hexadecimal: frames all output, so that a login's noise is told from it. */
	readonly nonce: string;
	/** Runs before the collectors, as who one has become, where that is a shell: sh. */
	readonly before?: string;
}

/** Who was let in, and who it became. */
export interface Standing {
	/** -1 where it was not told. */
	readonly uid: number;
	/** `root`: it is root already. */
	readonly method: "none" | "root" | "sudo" | "su" | "doas";
	readonly obtained: boolean;
	readonly why: string | null;
}

/** How one becomes another user. */
const ways = ["sudo", "doas", "su"] as const;

/**
 * One compound command with its input closed: a shell has read everything before it does anything, and no command eats what
 * is meant for the shell. A wrong password is one wrong answer, never more.
 */
export function taskScript(collectors: readonly Collector[], { elevation, nonce, before = "" }: Task): string {
	const { user, password, singly } = elevation;
	const end = `end-${nonce}`;
	return [
		"{",
		`N=${nonce}; U=${quoted(user)}; P=${quoted(password ?? "")}; K=none; R=no; W=`,
		"LC_ALL=C; export LC_ALL; PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin; export PATH",
		`last() { sed "s/$N//g" | grep . | tail -n 1 | tr -d '\\000-\\037' | cut -c 1-200; }`,
		'shows() { case $(command -V printf 2>&1) in *builtin*) return 1;; esac; W="its shell has no printf of its own, with which a password would show"; }',
		'asroot() { "$@"; }',
		'if [ "$(id -u)" = 0 ]; then K=root; R=yes',
		...elevationLines(elevation),
		"fi",
		`[ $R = yes ] || W=$(printf '%s\\n' "$W" | last)`,
		`printf '\\n%s login %s %s %s %s\\n' "$N" "$(id -u)" $K $R "$W"`,
		`printf '\\n%s tools' "$N"; for c in ${[...ways, ...privilegedPrograms()].join(" ")}; do p=$(command -v $c 2>/dev/null) && printf ' %s=%s' $c "$p"; done`,
		`case $(sudo --version 2>&1) in sudo-rs*) printf ' sudo-rs=%s' "$(command -v sudo)";; esac; echo`,
		`body() { cat <<'${end}'`,
		...(singly ? [] : [before, scriptOf(collectors, { asRoot: "", nonce })]),
		end,
		"}",
		...(singly ? [before, scriptOf(collectors, { asRoot: "asroot", nonce })] : []),
		...(singly ? [] : [runLine(elevation)]),
		`printf '\\n%s left\\n' "$N"`,
		"} </dev/null",
		"",
	].join("\n");
}

/** Set K (how), R (yes when it worked) and W (why not); `asroot` runs one command so. */
function elevationLines({ method, password, singly }: Elevation): string[] {
	if (method === "none") return [];
	const none = password === null;
	const missing = `elif ! command -v ${method} >/dev/null 2>&1; then K=${method}; W='${method} is not installed'`;
	const lines: Record<(typeof ways)[number], string[]> = {
		sudo: sudoLines(none, singly),
		doas: [
			`else K=doas; W=$(doas -n -u "$U" ${singly ? "cat /etc/shadow" : "sh -c :"} 2>&1 >/dev/null) && R=yes`,
			`asroot() { doas -n -u "$U" "$@"; }`,
		],
		su: singly
			? ["else K=su; W='su gives a shell, and only single commands are to be run'"]
			: none
				? ["else K=su; W='su needs a password, and none is to be given'"]
				: [
						"elif shows; then K=su",
						`else K=su; W=$(printf '%s\\n' "$P" | su "$U" -c "echo is-$N" 2>&1)`,
						'case $W in *"is-$N"*) R=yes;; esac',
					],
	};
	return [missing, ...lines[method]];
}

function sudoLines(none: boolean, singly: boolean): string[] {
	const free = singly ? "sudo -n -l" : `sudo -n -u "$U" sh -c :`;
	const paid = singly ? `sudo -k -S -p "$N" -l` : `sudo -k -S -p "$N" -u "$U" sh -c :`;
	return [
		// A password that is not asked for must not reach the command instead.
		`elif K=sudo; W=$(${free} 2>&1 >/dev/null); then R=yes; P=; asroot() { sudo -n -u "$U" "$@"; }`,
		...(none
			? []
			: [
					"elif shows; then :",
					`elif W=$(printf '%s\\n' "$P" | ${paid} 2>&1 >/dev/null); then R=yes`,
					`asroot() { printf '%s\\n' "$P" | sudo -k -S -p '' -u "$U" "$@"; }`,
				]),
	];
}

/**
 * Runs the body as who one has become. sudo may or may not take the first line: what stands before the mark is dropped.
 * sudo-rs takes 8 KiB at once, whatever of it is the password: as much stands between it and the mark.
 */
function runLine({ method }: Elevation): string {
	const atMark = `while IFS= read -r l; do [ "$l" = "$1" ] && exec sh -s; done`;
	const lines = {
		none: "false",
		sudo: `{ printf '%s\\n%16384s\\n%s\\n' "$P" '' "$N"; body; } | sudo -k -S -p '' -u "$U" sh -c '${atMark}' sh "$N"`,
		doas: `body | doas -n -u "$U" sh -s`,
		su: `body | { exec 3<&0; printf '%s\\n' "$P" | su "$U" -c 'exec sh -s <&3'; }`,
	};
	return `if [ $R$K = yes${method} ]; then ${lines[method]}; else body | sh -s; fi`;
}

/** Pure; takes any text. Null when the script never began: what the account has for a shell is none. */
export function readStanding(output: string, nonce: string): Standing | null {
	const at = output.indexOf(`\n${nonce} login `);
	if (at < 0) return null;
	const line = output.slice(at + 1, at + 600).split("\n", 1)[0] ?? "";
	const [, , uid = "", word = "", obtained = "", ...why] = line.split(" ");
	const method = (["none", "root", "sudo", "su", "doas"] as const).find((one) => one === word) ?? "none";
	const done = obtained === "yes";
	return {
		...{ uid: /^[0-9]{1,10}$/.test(uid) ? Number(uid) : -1, method, obtained: done },
		why: done ? null : why.join(" ").trim() || null,
	};
}

/** Where programs are on the host, by name, of those that matter to the doctor; `sudo-rs` is there where sudo is that. Pure; takes any text. */
export function readTools(output: string, nonce: string): Record<string, string> {
	const at = output.indexOf(`\n${nonce} tools`);
	const line = at < 0 ? "" : (output.slice(at + 1, at + 8_192).split("\n", 1)[0] ?? "");
	const told = line.split(" ").flatMap((word) => {
		const [, name = "", path = ""] = /^([a-z-]{1,20})=(\/[A-Za-z0-9_./+-]{1,200})$/.exec(word) ?? [];
		return name === "" ? [] : [[name, path] as const];
	});
	return Object.fromEntries(told);
}

/** One word for sh, whatever it holds. */
export function quoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
