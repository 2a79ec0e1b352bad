/** What a login gathers where rpm manages packages: a database that rpm itself has made, of packages it has built. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packages } from "../../daemon/collect/packages.ts";
import { readScriptOutput, scriptOf } from "../../daemon/collect/script.ts";

const nonce = "0123456789abcdef0123456789abcdef";
const wanted = [packages as never];
let folder: string;

/** A source package with an epoch and a package built from it, one of a module, and one of a third party. */
const specs: Readonly<Record<string, string>> = {
	openssl: `Name: openssl
Epoch: 1
Version: 3.0.7
Release: 27.el9_4
Vendor: Red Hat, Inc.
Summary: s
License: l
%description
d
%package libs
Summary: s
%description libs
d
%files
%files libs
`,
	ruby: `Name: ruby
Version: 3.1.4
Release: 142.module+el8.9.0+20
Vendor: Red Hat, Inc.
ModularityLabel: ruby:3.1:8090020240101:c0ffee00
Summary: s
License: l
%description
d
%files
`,
	htop: `Name: htop
Version: 3.2.1~rc1^git2
Release: 1.el9
Vendor: Fedora Project
BuildArch: noarch
Summary: s
License: l
%description
d
%files
`,
};

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-rpm-"));
	const [top, database] = [join(folder, "top"), join(folder, ".rpmdb")];
	mkdirSync(database);
	const rpm = (program: string, ...args: string[]) =>
		execFileSync(program, args, { stdio: "pipe", env: { ...process.env, HOME: folder } });
	for (const [name, text] of Object.entries(specs)) {
		const spec = join(folder, `${name}.spec`);
		writeFileSync(spec, text);
		rpm("rpmbuild", "-bb", "--quiet", "--define", `_topdir ${top}`, spec);
	}
	const built = readdirSync(join(top, "RPMS"), { recursive: true, encoding: "utf8" })
		.filter((one) => one.endsWith(".rpm"))
		.map((one) => join(top, "RPMS", one));
	rpm("rpm", "--dbpath", database, "-i", "--justdb", "--nodeps", "--nosignature", "--ignorearch", ...built);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("names, epochs, sources, vendors and modules are those rpm has written down", () => {
	// In a namespace where dpkg knows of nothing, as on a host that has none.
	const hide = "mount -t tmpfs none /var/lib/dpkg";
	const output = execFileSync("unshare", ["--mount", "sh", "-c", `${hide} && exec sh -s`], {
		// Debian's rpm has its database at home.
		env: { ...process.env, HOME: folder },
		...{ input: scriptOf(wanted, { asRoot: "", nonce }), encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] },
	});
	const { sections, finished } = readScriptOutput(output, wanted, nonce);
	const read = packages.parse(sections.get("packages") ?? { text: "", cut: true });
	expect(finished).toBe(true);
	expect(read).toMatchObject({ complete: true, data: { manager: "rpm" } });
	const told = (read?.data.packages ?? [])
		.map(({ name, version, source, vendor, module }) => [name, version, source, vendor, module])
		.toSorted();
	expect(told).toEqual([
		["htop", "3.2.1~rc1^git2-1.el9", "htop", "Fedora Project", null],
		["openssl", "1:3.0.7-27.el9_4", "openssl", "Red Hat, Inc.", null],
		["openssl-libs", "1:3.0.7-27.el9_4", "openssl", "Red Hat, Inc.", null],
		["ruby", "3.1.4-142.module+el8.9.0+20", "ruby", "Red Hat, Inc.", "ruby:3.1"],
	]);
});
