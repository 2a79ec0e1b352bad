/** Language packages that were installed past the distribution's package manager, found by the files each carries. */
import type { DataOf } from "../evidence/record.ts";
import { defineCollector, endedInTime, linesOf, partsOf } from "./collector.ts";

type Package = DataOf<"languages">["packages"][number];

const mostPackages = 20_000;
const folders =
	"/usr/lib/node_modules /usr/lib/python* /usr/lib64/python* /usr/lib/ruby /usr/lib64/ruby /usr/lib64/gems /usr/local /opt /srv /var/www /var/lib/gems /app /home /root";
/** What tells a package: an extended regular expression over paths. */
const telling =
	"/node_modules/(@[^/]+/)?[^/]+/package\\.json$|\\.(dist|egg)-info(/(METADATA|PKG-INFO))?$|/specifications/(default/)?[^/]+\\.gemspec$";

/** Stands for files where their owner could not list them. */
const notListed = "@not-listed";

export const languages = defineCollector({
	kind: "languages",
	script: `
part npm; { within 60 find ${folders} -xdev -maxdepth 9 -name package.json -path '*/node_modules/*' -exec grep -HE '^(  |	)?"version": *"' {} +; echo "ended $?"; } | head -n ${mostPackages + 1}
part others; { within 60 find ${folders} -xdev -maxdepth 8 \\( -name '*.dist-info' -o -name '*.egg-info' -o -name '*.gemspec' -path '*/specifications/*' \\) -print; echo "ended $?"; } | head -n ${mostPackages + 1}
part owned; { if [ -d /var/lib/dpkg/info ]; then cat /var/lib/dpkg/info/*.list
elif [ -f /lib/apk/db/installed ]; then awk '/^F:/ { d = substr($0, 3) } /^R:/ { print "/" d "/" substr($0, 3) }' /lib/apk/db/installed
elif command -v rpm >/dev/null; then rpm -qal || echo ${notListed}; fi; } | grep -E '${telling}|^${notListed}$' | sort -u
part end; echo done
`,
	privileged: [],
	mostBytes: 8 << 20,
	mostSeconds: 135,
	parse({ text, cut }) {
		const parts = partsOf(text);
		if (!parts.has("end") && !parts.has("npm")) return null;
		// Without it what the distribution brought would count as brought past it.
		if (linesOf(parts.get("owned")).includes(notListed)) return null;
		const owned = new Set(linesOf(parts.get("owned")).flatMap((path) => [path, merged(path), folderOf(path)]));
		const own = (path: string) => !owned.has(path) && !owned.has(merged(path));
		const [npmLines, otherLines] = [linesOf(parts.get("npm")), linesOf(parts.get("others"))];
		const [npm, others] = [npmLines.flatMap(npmOf), otherLines.flatMap(otherOf)];
		const found = new Map([...npm, ...others].filter(({ path }) => own(path)).map((one) => [one.path, one]));
		const whole = !cut && parts.has("end") && endedInTime(npmLines) && endedInTime(otherLines);
		return { data: { packages: [...found.values()].slice(0, mostPackages) }, complete: whole };
	},
	unread: ({ text }) =>
		linesOf(partsOf(text).get("owned")).includes(notListed) ? { why: "rpm does not list the files it owns" } : null,
});

/** Package managers may own `/lib/…` where the file is found below `/usr/lib`. */
function merged(path: string): string {
	return /^\/(lib|lib64|bin|sbin)\//.test(path) ? `/usr${path}` : path;
}

/** METADATA within a dist-info that is owned: then its folder is. */
function folderOf(path: string): string {
	return /-info\/(METADATA|PKG-INFO)$/.test(path) ? path.slice(0, path.lastIndexOf("/")) : path;
}

/** `…/node_modules/@scope/name/package.json:  "version": "1.2.3",`; folders within a package are not packages. */
function npmOf(line: string): Package[] {
	const [, path = "", version = ""] =
		/^(\/.{1,4000}\/package\.json):\s*"version":\s*"([^"\s]{1,128})"/.exec(line.slice(0, 8_192)) ?? [];
	const inside = path.slice(path.lastIndexOf("/node_modules/") + "/node_modules/".length, -"/package.json".length);
	const isName = path.includes("/node_modules/") && /^(@[^/]{1,214}\/)?[^/@][^/]{0,213}$/.test(inside);
	return isName ? [{ ecosystem: "npm", name: inside, version, path }] : [];
}

function otherOf(path: string): Package[] {
	const file = path.slice(path.lastIndexOf("/") + 1);
	if (file.length > 255 || path.length > 4_096) return [];
	const [, name = "", version = ""] = /^(.+?)-(\d[^-]*?)(?:-py\d[^-]*)?\.(?:dist|egg)-info$/.exec(file) ?? [];
	if (name !== "") return [{ ecosystem: "PyPI", name: name.toLowerCase().replace(/[-_.]+/g, "-"), version, path }];
	// A platform may follow the version: nokogiri-1.16.0-x86_64-linux.
	const [, gem = "", release = ""] = /^(.+?)-(\d[0-9A-Za-z.]*)(?:-[A-Za-z][\w.-]*)?\.gemspec$/.exec(file) ?? [];
	return gem === "" || path.includes("/specifications/default/")
		? []
		: [{ ecosystem: "RubyGems", name: gem, version: release, path }];
}
