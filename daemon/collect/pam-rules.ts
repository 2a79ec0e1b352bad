/** What PAM's stacks and the settings of their modules ask of passwords. Pure; defaults are those of the modules' manuals. */
import type { DataOf } from "../evidence/record.ts";

type Logins = DataOf<"logins">;
type Line = NonNullable<Logins["pam"]>[number];
type Options = ReadonlyMap<string, string>;

const mostLines = 1_000;
const types = ["auth", "account", "password", "session"] as const;

/** Lines after `@ FILE`: `type control module arguments`; includes say nothing of their own. */
export function readPam(lines: readonly string[]): Line[] {
	const found: Line[] = [];
	let file = "";
	for (const line of lines) {
		if (line.startsWith("@ ")) file = line.slice(2).trim();
		const [, type = "", control = "", path = "", rest = ""] =
			/^\s*-?(auth|account|password|session)\s+(\[[^\]]*\]|\S+)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
		const kind = types.find((one) => one === type);
		if (kind === undefined || control === "include" || control === "substack" || found.length >= mostLines) continue;
		const module = path.slice(path.lastIndexOf("/") + 1).replace(/\.so$/, "");
		const words = rest.replace(/\s#.*$/, "").trim();
		found.push({ file, type: kind, control, module, arguments: words === "" ? [] : words.split(/\s+/).slice(0, 100) });
	}
	return found;
}

export function qualityOf(pam: readonly Line[], configured: Options): Logins["quality"] {
	const line = pam.find(
		({ type, module }) => type === "password" && ["pam_pwquality", "pam_cracklib", "pam_passwdqc"].includes(module),
	);
	if (line === undefined) return unixLength(pam);
	if (line.module === "pam_passwdqc") return passwdqc(line);
	const own = argumentsOf(line);
	const pick = (name: string, otherwise: number) => {
		const text = own.get(name) ?? (line.module === "pam_pwquality" ? configured.get(name) : undefined);
		return text !== undefined && /^-?\d{1,6}$/.test(text) ? Number(text) : otherwise;
	};
	const isOld = line.module === "pam_cracklib";
	return {
		...{ module: line.module, minLength: Math.max(6, pick("minlen", isOld ? 9 : 8)), minClasses: pick("minclass", 0) },
		...{ digits: pick("dcredit", isOld ? 1 : 0), upper: pick("ucredit", isOld ? 1 : 0) },
		...{ lower: pick("lcredit", isOld ? 1 : 0), other: pick("ocredit", isOld ? 1 : 0) },
	};
}

const nothing = { digits: 0, upper: 0, lower: 0, other: 0, minClasses: 0 };

/** pam_unix alone asks for a length at most. */
function unixLength(pam: readonly Line[]): Logins["quality"] {
	const line = pam.find(({ type, module }) => type === "password" && module === "pam_unix");
	const length = line === undefined ? undefined : argumentsOf(line).get("minlen");
	return length !== undefined && /^\d{1,6}$/.test(length)
		? { module: "pam_unix", minLength: Number(length), ...nothing }
		: null;
}

/** `min=N0,N1,N2,N3,N4`: lengths by the number of kinds of characters; the first that is not disabled is the weakest. */
function passwdqc(line: Line): Logins["quality"] {
	const lengths = (argumentsOf(line).get("min") ?? "disabled,24,11,8,7").split(",");
	const kinds = [1, 2, 0, 3, 4];
	const at = lengths.findIndex((length) => /^\d{1,6}$/.test(length));
	if (at < 0) return null;
	const shortest = Math.min(...lengths.filter((length) => /^\d{1,6}$/.test(length)).map(Number));
	return { module: line.module, ...nothing, minLength: shortest, minClasses: kinds[at] ?? 0 };
}

/** Old passwords kept by pam_pwhistory (10 unless told) or pam_unix; null: none are. */
export function rememberedOf(pam: readonly Line[], configured: Options): number | null {
	const kept = pam
		.filter(({ type }) => type === "password")
		.flatMap((line) => {
			const text = argumentsOf(line).get("remember");
			if (line.module === "pam_pwhistory") return [Number(text ?? configured.get("remember") ?? 10)];
			return line.module === "pam_unix" && text !== undefined ? [Number(text)] : [];
		})
		.filter((count) => Number.isSafeInteger(count) && count > 0);
	return kept.length === 0 ? null : Math.max(...kept);
}

export function lockoutOf(pam: readonly Line[], configured: Options): Logins["lockout"] {
	const line = pam.find(
		({ type, module }) => type === "auth" && ["pam_faillock", "pam_tally2", "pam_tally"].includes(module),
	);
	if (line === undefined) return null;
	const own = argumentsOf(line);
	const isNew = line.module === "pam_faillock";
	const pick = (name: string, otherwise: number) => {
		const text = own.get(name) ?? (isNew ? configured.get(name) : undefined);
		if (text === "never") return 0;
		return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : otherwise;
	};
	return { module: line.module, attempts: pick("deny", isNew ? 3 : 0), seconds: pick("unlock_time", isNew ? 600 : 0) };
}

/** pam_unix without nullok refuses empty passwords. */
export function nullokOf(pam: readonly Line[]): boolean {
	return pam.some(
		({ type, module, arguments: words }) =>
			type === "auth" && module === "pam_unix" && words.some((word) => word === "nullok" || word === "nullok_secure"),
	);
}

function argumentsOf(line: Line): Options {
	return new Map(
		line.arguments.map((word) => [word.split("=", 1)[0] ?? "", word.slice(word.indexOf("=") + 1)] as const),
	);
}
