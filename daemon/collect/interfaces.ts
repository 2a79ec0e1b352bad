/** Network interfaces with their addresses and hardware addresses. */
import type { DataOf } from "../evidence/record.ts";
import { defineCollector, lineOf, linesOf, partsOf } from "./collector.ts";

type Interface = DataOf<"interfaces">["interfaces"][number];

const mostInterfaces = 4_096;

export const interfaces = defineCollector({
	kind: "interfaces",
	script: `
part links; for one in /sys/class/net/*; do
[ -e "$one/address" ] && printf '%s %s %s\\n' "$(basename "$one")" "$(cat "$one/operstate")" "$(cat "$one/address")"; done
if command -v ip >/dev/null; then part ip; ip -o addr show; else part ifconfig; ifconfig -a; fi
part end; echo done
`,
	privileged: [],
	mostBytes: 1 << 20,
	parse({ text, cut }) {
		const parts = partsOf(text);
		const found = new Map<string, Interface>();
		for (const line of linesOf(parts.get("links")).slice(0, mostInterfaces)) {
			const [name = "", state = "", mac = ""] = line.split(" ");
			if (name === "") continue;
			found.set(name, { name, mac: macOf(mac), up: state === "up" || state === "unknown", addresses: [] });
		}
		for (const [name, address, prefix] of [...readIp(parts.get("ip")), ...readIfconfig(parts.get("ifconfig"))]) {
			const known = found.get(name) ?? { name, mac: null, up: true, addresses: [] };
			found.set(name, { ...known, addresses: [...known.addresses, { address, prefix }] });
			if (found.size > mostInterfaces) break;
		}
		const complete = !cut && found.size > 0 && lineOf(parts.get("end")) === "done";
		return { data: { interfaces: [...found.values()] }, complete };
	},
});

/** All zeros is loopback's, and of tunnels only what looks like one is a hardware address. */
function macOf(text: string): string | null {
	const mac = text.toLowerCase();
	return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac) && mac !== "00:00:00:00:00:00" ? mac : null;
}

/** `ip -o addr show`: `2: eth0    inet 192.0.2.7/24 brd …`. Newer ones name the peer: `eth0@if5`. */
function* readIp(output: string | undefined): Generator<[string, string, number]> {
	for (const line of linesOf(output)) {
		const [, name = "", address = "", prefix] =
			/^\d+:\s+([^\s@]+)\S*\s+inet6?\s+([0-9a-fA-F.:]+)(?:\s+peer\s+\S+|\/(\d{1,3}))?/.exec(line) ?? [];
		if (name !== "") yield [name, address.toLowerCase(), Number(prefix ?? (address.includes(":") ? 128 : 32))];
	}
}

/** BusyBox: an interface's block begins at the margin; addresses stand as `inet addr:… Mask:…` and `inet6 addr: …/64`. */
function* readIfconfig(output: string | undefined): Generator<[string, string, number]> {
	let name = "";
	for (const line of linesOf(output)) {
		name = /^([^\s:]+)/.exec(line)?.[1] ?? name;
		const [, address, mask] = /inet (?:addr:)?([0-9.]+).*?(?:Mask:|netmask )([0-9.]+)/.exec(line) ?? [];
		if (address !== undefined && name !== "") yield [name, address, bitsOf(mask ?? "")];
		const [, address6, prefix] = /inet6 (?:addr: ?)?([0-9a-fA-F:]+)(?:\/| +prefixlen )(\d{1,3})/.exec(line) ?? [];
		if (address6 !== undefined && name !== "") yield [name, address6.toLowerCase(), Number(prefix)];
	}
}

function bitsOf(mask: string): number {
	const bits = mask.split(".").map((byte) => Number(byte).toString(2).replaceAll("0", "").length);
	return bits.length === 4 ? bits.reduce((sum, one) => sum + one, 0) : 32;
}
