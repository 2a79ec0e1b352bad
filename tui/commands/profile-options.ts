/** An option profile's options as text: YAML for an editor, and single settings such as `ports.set=full`. Pure. */
import { parse, stringify, YAMLParseError } from "yaml";
import { AppError } from "../../protocol/errors.ts";
import { type Profile, type ProfileOptions, performanceLevels, profileOptions } from "../../protocol/model/profile.ts";
import { noWindow } from "../../protocol/model/scan-window.ts";
import { validate } from "../../protocol/validate.ts";

type Tree = { [name: string]: unknown };

/** The options with every limit, so that each has a value to show, change and name. */
function flatten(tree: Tree, before = ""): Map<string, unknown> {
	const flat = new Map<string, unknown>();
	for (const [name, value] of Object.entries(tree)) {
		if (isTree(value)) for (const [path, leaf] of flatten(value, `${before}${name}.`)) flat.set(path, leaf);
		else flat.set(before + name, value);
	}
	return flat;
}

/** Every setting there is with its value, by dotted name. */
export function settingsOf(profile: Pick<Profile, "options" | "limits">): Map<string, unknown> {
	const { performance, ...others } = profile.options;
	return flatten({ window: noWindow, ...others, performance: { level: performance.level, ...profile.limits } });
}

/**
 * The options with settings such as `udp.set=none` or `performance.retries=3` made, in order. Naming a limit makes the
 * performance custom, the other limits staying what they are. Throws `invalid` for a setting that is not one.
 */
export function applySettings(
	profile: Pick<Profile, "options" | "limits">,
	settings: readonly string[],
): ProfileOptions {
	let { options, limits } = profile;
	for (const text of settings) {
		const [name, value] = splitSetting(text);
		const known = settingsOf({ options, limits });
		const before = known.get(name);
		if (before === undefined) {
			throw new AppError("invalid", `There is no setting "${name}".`, {
				hint: `The settings are: ${[...known.keys()].join(", ")}.`,
			});
		}
		const [, group, leaf] = /^(?:([^.]+)\.)?(.+)$/.exec(name) ?? [];
		const read = readValue(name, value, before);
		if (name === "performance.level") {
			const level = value as keyof typeof performanceLevels | "custom";
			limits = level === "custom" ? limits : (performanceLevels[level] ?? limits);
			options = {
				...options,
				performance: (level === "custom" ? { level, ...limits } : { level }) as ProfileOptions["performance"],
			};
		} else if (group === "performance") {
			limits = { ...limits, [leaf ?? ""]: read };
			options = { ...options, performance: { level: "custom", ...limits } };
		} else if (group !== undefined) {
			options = {
				...options,
				[group]: { ...(({ window: noWindow, ...options } as Tree)[group] as Tree), [leaf ?? ""]: read },
			};
		} else options = { ...options, [name]: read };
	}
	return check(options);
}

function splitSetting(text: string): [name: string, value: string] {
	const at = text.indexOf("=");
	if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
	throw new AppError("invalid", `"${text}" is not a setting.`, {
		hint: "Write name=value, for example: --set ports.set=full --set maxMinutesPerHost=30",
	});
}

/** Reads the value as what the setting holds; a time limit may be `none`. The schema judges the rest. */
function readValue(name: string, value: string, before: unknown): unknown {
	if (typeof before === "boolean") {
		if (/^(true|yes|on)$/i.test(value)) return true;
		if (/^(false|no|off)$/i.test(value)) return false;
		throw new AppError("invalid", `${name}: "${value}" is neither true nor false.`);
	}
	if (typeof before === "string") return value;
	if (/^(max|window\.)/.test(name) && /^(none|null|)$/i.test(value)) return null;
	const number = value === "" ? Number.NaN : Number(value);
	if (Number.isInteger(number)) return number;
	throw new AppError("invalid", `${name}: "${value}" is not a whole number.`);
}

const header = `# The option profile %NAME%, version %VERSION%. Saving makes version %NEXT%; leaving it as it is makes none.
#
# ports.set             none, light, standard or full
# ports.additional      TCP ports besides, such as "8081,9000-9010"
# udp.set               none, light or standard
# udp.additional        UDP ports besides, such as "5000-5010"
# discovery.icmp        echo request tells whether a host is there
# discovery.arp         so does ARP on the local link (needs the capability CAP_NET_RAW)
# discovery.ackPorts    ports sent a TCP ACK for that (needs CAP_NET_RAW); empty for none
# discovery.ports       TCP ports connected to for that; empty for none
# discovery.udpPorts    UDP ports asked for that; empty for none
# discovery.scanDeadHosts   ask addresses that do not answer for their ports all the same
# discovery.closeDeadAfter   close findings of hosts not found alive in 1-10 scans in a row; null: never
# performance.level     low, normal, high; or custom, with all of:
#                       %LIMITS%
# maps.resolver         name server that maps ask; empty for the one kept, or this machine's
# maps.trace            routes a map traces: none, sample or all
# window               may be left out, else during, notDuring, timeZone, pauseAfterMinutes, resumeInMinutes:
# window.during         the scan runs only then: "Mon-Fri 20:00-06:00, Sat-Sun 00:00-24:00"; empty for always
# window.notDuring      it does not run then; empty for none. window.timeZone: IANA name, empty for the machine's
# maxMinutesPerHost     null for no limit; what was found by then is kept
# maxMinutesPerScan     the same for the whole scan, pauses left out
`;

/** The options as a document to edit. */
export function optionsDocument({ name, version, options, limits }: Profile): string {
	const words: Record<string, string> = {
		NAME: JSON.stringify(name),
		VERSION: String(version),
		NEXT: String(version + 1),
		LIMITS: Object.keys(limits).join(", "),
	};
	return `${header.replace(/%([A-Z]+)%/g, (_, word: string) => words[word] ?? "")}\n${stringify(options)}`;
}

/** What `optionsDocument` wrote, edited. Throws `invalid` that says where it is wrong. */
export function readOptionsDocument(text: string): ProfileOptions {
	let read: unknown;
	try {
		read = parse(text, { maxAliasCount: 0 });
	} catch (err) {
		const reason = err instanceof YAMLParseError ? err.message.split("\n")[0] : String(err);
		throw new AppError("invalid", `That is not YAML: ${reason ?? ""}`);
	}
	return check(read);
}

function check(options: unknown): ProfileOptions {
	return validate(profileOptions, options, "The profile");
}

function isTree(value: unknown): value is Tree {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
