/** Local accounts and how old their passwords are. The hashes never leave the host: only their kind is printed. */
import type { DataOf } from "../evidence/record.ts";
import { defineCollector, type Gap, lineOf, linesOf, partsOf } from "./collector.ts";

type User = DataOf<"accounts">["users"][number];
type Password = NonNullable<User["password"]>;

const mostUsers = 20_000;
const dayMs = 86_400_000;

/** awk cuts each hash down to the name of its method before it is printed (crypt(5)). */
const hideHashes = `awk -F: 'BEGIN { OFS = ":" } {
h = $2; s = ""
while (substr(h, 1, 1) == "!") { s = "!"; h = substr(h, 2) }
if (h ~ /^\\$[A-Za-z0-9]+\\$/) { split(h, a, "$"); h = "$" a[2] } else if (h ~ /^_/) h = "bsdi"
else if (length(h) == 13) h = "des"; else if (h != "" && h != "*" && h != "x") h = "other"
$2 = s h; print }'`;

export const accounts = defineCollector({
	kind: "accounts",
	script: `
part passwd; cat /etc/passwd
part group; cat /etc/group
part kept; [ -e /etc/shadow ] && echo shadow
part shadow; $S cat /etc/shadow | ${hideHashes}
`,
	privileged: ["/usr/bin/cat /etc/shadow"],
	mostBytes: 4 << 20,
	parse({ text, cut }) {
		const parts = partsOf(text);
		const shadow = new Map(linesOf(parts.get("shadow")).map((line) => [line.split(":")[0] ?? "", line] as const));
		const groups = groupsOf(linesOf(parts.get("group")));
		const users = linesOf(parts.get("passwd")).flatMap((line): User[] => {
			const [name = "", mark = "", uid = "", gid = "", , home = "", shell = ""] = line.split(":");
			if (name === "" || !/^\d+$/.test(uid) || !/^\d+$/.test(gid)) return [];
			const entry = shadow.get(name);
			// Without shadow(5) the password stands here: none at all is the only thing that can be told without root.
			const password = entry !== undefined ? passwordOf(entry) : mark === "" ? emptyPassword : null;
			return [{ name, uid: Number(uid), gid: Number(gid), home, shell, groups: groups.get(name) ?? [], password }];
		});
		if (users.length === 0) return null;
		const untold = users.flatMap(({ name, password }) => (password === null ? name : []));
		const complete = !cut && users.length <= mostUsers && untold.length === 0;
		const gap = untold.length === 0 ? undefined : gapOf(untold, { isRead: shadow.size > 0, kept: parts.get("kept") });
		return { data: { users: users.slice(0, mostUsers) }, complete, gap };
	},
});

function gapOf(untold: readonly string[], { isRead, kept }: { isRead: boolean; kept: string | undefined }): Gap {
	if (isRead) {
		const more = untold.length > 3 ? " and more" : "";
		return { why: `/etc/shadow has no line for ${untold.slice(0, 3).join(", ")}${more}` };
	}
	if (lineOf(kept) === null) return { why: "there is no /etc/shadow, which tells of passwords" };
	return { why: "only root may read /etc/shadow, which tells of passwords", root: true };
}

function groupsOf(lines: readonly string[]): Map<string, string[]> {
	const groups = new Map<string, string[]>();
	for (const line of lines) {
		const [group = "", , , members = ""] = line.split(":");
		for (const member of members.split(",")) {
			if (member !== "") groups.set(member, [...(groups.get(member) ?? []), group]);
		}
	}
	return groups;
}

const noAge = { changedAt: null, minDays: null, maxDays: null, warnDays: null, expiresAt: null };
const emptyPassword: Password = { ...noAge, state: "empty", hash: null };

/** The names crypt(5) gives to what stands between the first two dollars. */
const methods: Readonly<Record<string, string>> = {
	...{
		$1: "md5",
		$2: "bcrypt",
		$2a: "bcrypt",
		$2b: "bcrypt",
		$2x: "bcrypt",
		$2y: "bcrypt",
		$3: "nt",
		$5: "sha256",
		$6: "sha512",
	},
	...{ $7: "scrypt", $y: "yescrypt", $gy: "gost-yescrypt", $sha1: "sha1", $md5: "sunmd5" },
	...{ des: "des", bsdi: "bsdi" },
};

/** shadow(5): days since 1970-01-01; an empty field, and 99999 for the longest age, mean no limit. */
function passwordOf(line: string): Password {
	const [, mark = "", changed, min, max, warn, , expires] = line.split(":");
	const locked = mark.startsWith("!");
	const method = locked ? mark.slice(1) : mark;
	const hash = method === "" || method === "*" || method === "x" ? null : (methods[method] ?? "other");
	const state =
		mark === "" ? "empty" : hash === null ? (locked && method === "" ? "locked" : "none") : locked ? "locked" : "set";
	const [changedDay, expiryDay, maxDays] = [days(changed), days(expires), days(max)];
	return {
		...{ state, hash, minDays: days(min), warnDays: days(warn) },
		changedAt: changedDay === null ? null : changedDay * dayMs,
		maxDays: maxDays === null || maxDays >= 99_999 ? null : maxDays,
		expiresAt: expiryDay === null ? null : expiryDay * dayMs,
	};
}

function days(text: string | undefined): number | null {
	return text !== undefined && /^\d{1,7}$/.test(text) ? Number(text) : null;
}
