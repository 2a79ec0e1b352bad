/** Installed packages of dpkg, rpm and apk. */

import type { DataOf } from "../evidence/record.ts";
import { defineCollector, lineOf, linesOf, partsOf } from "./collector.ts";

type Packages = DataOf<"packages">["packages"];

/** More than any host has; beyond it the list is cut and says so. */
const mostPackages = 50_000;

export const packages = defineCollector({
	kind: "packages",
	script: `
if command -v dpkg-query >/dev/null && [ -s /var/lib/dpkg/status ]; then part dpkg
dpkg-query -W -f '\${db:Status-Status}\\t\${Package}\\t\${Version}\\t\${Architecture}\\t\${source:Package}\\t\${source:Version}\\t\${Maintainer}\\n'
elif command -v apk >/dev/null && [ -f /lib/apk/db/installed ]; then part apk; cat /lib/apk/db/installed
elif command -v rpm >/dev/null; then part rpm
rpm -qa --qf '%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{SOURCERPM}\\t%{VENDOR}\\t%{MODULARITYLABEL}\\n'
fi; code=$?
part ended; echo $code
`,
	privileged: [],
	mostBytes: 16 << 20,
	parse({ text, cut }) {
		const parts = partsOf(text);
		for (const [manager, read] of Object.entries(readers)) {
			const output = parts.get(manager);
			if (output === undefined) continue;
			const found = read(output);
			// BusyBox has an rpm on hosts that have no packages.
			if (found.length === 0) continue;
			const data = { manager: manager as keyof typeof readers, packages: found.slice(0, mostPackages) };
			const ended = lineOf(parts.get("ended"));
			const gap = { why: `${manager} did not list all: it ended with ${ended ?? "the connection"}` };
			const complete = !cut && ended === "0" && found.length <= mostPackages;
			return { data, complete, gap: ended === "0" ? undefined : gap };
		}
		return null;
	},
	unread: () => ({ why: "neither dpkg nor apk nor rpm names packages there" }),
});

const readers = { dpkg: readDpkg, rpm: readRpm, apk: readApk };

/** Only what is installed: a removed package's configuration files say nothing. */
function readDpkg(output: string): Packages {
	return linesOf(output).flatMap((line) => {
		const [status, name = "", version = "", architecture = "", source = "", sourceVersion = "", vendor = ""] =
			line.split("\t");
		if (status !== "installed" || name === "" || version === "") return [];
		return {
			...{ name, version, architecture: architecture || null, module: null, vendor: vendor || null },
			...{ source: source || null, sourceVersion: sourceVersion || null },
		};
	});
}

/** `gpg-pubkey` entries are keys, not packages. */
function readRpm(output: string): Packages {
	return linesOf(output).flatMap((line) => {
		const [name = "", epoch = "", version = "", architecture = "", source = "", vendor = "", label = ""] =
			line.split("\t");
		if (name === "" || name === "gpg-pubkey" || version === "") return [];
		const full = /^[1-9][0-9]*$/.test(epoch) ? `${epoch}:${version}` : version;
		return {
			...{ name, version: full, architecture: known(architecture), vendor: known(vendor) },
			source: /^(.+)-[^-]+-[^-]+\.(no)?src\.rpm$/.exec(source)?.[1] ?? null,
			sourceVersion: null,
			module: known(label)?.split(":").slice(0, 2).join(":") ?? null,
		};
	});
}

/** rpm writes this for what a package does not have. */
function known(text: string): string | null {
	return text === "" || text === "(none)" ? null : text;
}

/** apk's database: a paragraph a package, a letter a field. */
function readApk(output: string): Packages {
	return output.split(/\n\n+/).flatMap((paragraph) => {
		const fields = new Map<string, string>();
		for (const line of linesOf(paragraph)) if (line[1] === ":") fields.set(line[0] ?? "", line.slice(2).trim());
		const [name, version] = [fields.get("P") ?? "", fields.get("V") ?? ""];
		if (name === "" || version === "") return [];
		const source = fields.get("o") || null;
		return {
			...{ name, version, architecture: fields.get("A") || null, vendor: fields.get("m") || null, module: null },
			...{ source, sourceVersion: source === null ? null : version },
		};
	});
}
