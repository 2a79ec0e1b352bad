/** The software part of an SSH identification string, split into product, version and the rest. Pure and total. */

import { type Software, unnamed } from "../software.ts";

/** How makers spell what servers abbreviate. Compared in lower case. */
const spellings: readonly (readonly [name: string, product: string])[] = [
	["openssh", "OpenSSH"],
	["dropbear", "Dropbear"],
	["libssh", "libssh"],
	["cisco", "Cisco SSH"],
	["romsshell", "RomSShell"],
	["romclisecure", "RomCliSecure"],
	["sun_ssh", "Sun SSH"],
	["rosssh", "MikroTik RouterOS"],
	["apache-sshd", "Apache MINA SSHD"],
	["sshd-core", "Apache MINA SSHD"],
	["huawei", "Huawei VRP"],
	["comware", "H3C Comware"],
	["mpssh", "HP iLO"],
	["mod_sftp", "ProFTPD mod_sftp"],
	["erlang", "Erlang/OTP SSH"],
	["tinyssh", "TinySSH"],
	["serv-u", "Serv-U"],
	["weonlydo", "WeOnlyDo wodSSHServer"],
	["draytek", "DrayTek"],
	["go", "Go x/crypto/ssh"],
];

/** Splits e.g. `OpenSSH_9.2p1 Debian-2+deb12u3` into OpenSSH, 9.2p1 and Debian-2+deb12u3. */
export function splitSoftware(software: string): Software {
	const text = software.slice(0, 500).trim();
	if (text === "") return unnamed;
	return splitOpenSsh(text) ?? splitVersionFirst(text) ?? splitNameFirst(text);
}

function splitOpenSsh(text: string): Software | null {
	const found = /^OpenSSH(_for_Windows)?(?:[_-](\d[\d.]*(?:p\d+)?))?(\S*)\s*(.*)$/is.exec(text);
	if (!found) return null;
	const patch = (found[3] ?? "").replace(/^[_+.-]+/, "");
	return {
		product: "OpenSSH",
		version: found[2]?.replace(/\.+$/, "") ?? null,
		info: words(found[1] ? "for Windows" : "", patch, found[4] ?? ""),
	};
}

/** SSH Communications' style, `3.2.9.1 SSH Secure Shell`, and toolkits naming the product built on them. */
function splitVersionFirst(text: string): Software | null {
	const found = /^(\d[\da-z.]*)(?:$|[ _])(?:(sshlib|FlowSsh):? ?)?(.*)$/is.exec(text);
	if (!found) return null;
	const [, version = "", toolkit, rest = ""] = found;
	if (!toolkit) return { product: rest || null, version, info: null };
	const named = /^(.*?)(?: (\d[\w.]*))?(?: ?:(.*))?$/s.exec(rest);
	return {
		product: named?.[1]?.trim() || toolkit,
		version: named?.[2] ?? null,
		info: words(`${toolkit} ${version}`, named?.[3] ?? ""),
	};
}

/** The earliest number after a separator is the version; what stands before it is the name, blanks and all. */
function splitNameFirst(text: string): Software {
	const found = /^([A-Za-z].{0,60}?)[ _/.-][vVR]?(\d\w*(?:[.+-]\w+)*)(?=[\s(,;]|$)/s.exec(text);
	if (!found) return { product: spelled(text.replace(/_noversion$/i, "")), version: null, info: null };
	const [whole, name = "", version = ""] = found;
	return { product: spelled(name), version: version.replaceAll("_", "."), info: words(text.slice(whole.length)) };
}

function spelled(name: string): string {
	const lower = name.toLowerCase();
	return spellings.find(([known]) => lower === known)?.[1] ?? name.replaceAll("_", " ");
}

function words(...parts: readonly string[]): string | null {
	const text = parts
		.map((part) => part.trim())
		.filter((part) => part !== "")
		.join(" ");
	return text === "" ? null : text;
}
