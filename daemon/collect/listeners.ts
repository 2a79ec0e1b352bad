/** Listening sockets and whose they are: from `ss`, `netstat`, or the kernel's own tables. */
import type { DataOf } from "../evidence/record.ts";
import { defineCollector, linesOf, partsOf } from "./collector.ts";

type Socket = DataOf<"listeners">["sockets"][number];

const mostSockets = 20_000;

export const listeners = defineCollector({
	kind: "listeners",
	script: `
if command -v ss >/dev/null; then part ss; $S ss -H -l -n -t -u -p
elif command -v netstat >/dev/null; then part netstat; $S netstat -l -n -t -u -p
else part proc; for one in tcp tcp6 udp udp6; do sed "1d;s/^/$one /" /proc/net/$one; done; fi
`,
	privileged: ["/usr/bin/ss -H -l -n -t -u -p"],
	mostBytes: 4 << 20,
	parse({ text, cut }) {
		const parts = partsOf(text);
		for (const [name, read] of Object.entries(readers)) {
			const output = parts.get(name);
			if (output === undefined) continue;
			const found = new Map<string, Socket>();
			for (const socket of linesOf(output).flatMap(read)) {
				found.set(`${socket.protocol} ${socket.address} ${socket.port} ${socket.pid}`, socket);
				if (found.size > mostSockets) break;
			}
			return { data: { sockets: [...found.values()] }, complete: !cut && found.size <= mostSockets };
		}
		return null;
	},
});

const readers = { ss: readSs, netstat: readNetstat, proc: readProc };

/** `tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=1,fd=3))`; a scope follows a link-local address after `%`. */
function readSs(line: string): Socket[] {
	const [protocol = "", , , , local = "", , ...rest] = line.trim().split(/\s+/);
	const [, process, pid] = /users:\(\("([^"]*)",pid=(\d+)/.exec(rest.join(" ")) ?? [];
	return socketOf(protocol, local, process ?? null, pid === undefined ? null : Number(pid));
}

/** `tcp 0 0 0.0.0.0:22 0.0.0.0:* LISTEN 1/sshd`; UDP has no state. */
function readNetstat(line: string): Socket[] {
	const [protocol = "", , , local = "", , ...rest] = line.trim().split(/\s+/);
	const [, pid, process] = /(?:^|\s)(\d+)\/(\S+)/.exec(rest.join(" ")) ?? [];
	return socketOf(protocol, local, process ?? null, pid === undefined ? null : Number(pid));
}

/** Listening is state 0A for TCP; a UDP socket that waits is 07. Addresses are in the byte order of the machine. */
function readProc(line: string): Socket[] {
	const [table = "", , local = "", , state] = line.trim().split(/\s+/);
	if (state !== (table.startsWith("tcp") ? "0A" : "07")) return [];
	const [, hex = "", port = ""] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local) ?? [];
	if (hex === "") return [];
	const words = hex.match(/.{8}/g) ?? [];
	const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse()).map((byte) => Number.parseInt(byte, 16));
	const address = bytes.length === 4 ? bytes.join(".") : bytes.every((byte) => byte === 0) ? "::" : colonsOf(bytes);
	return socketOf(
		table,
		`${address.includes(":") ? `[${address}]` : address}:${Number.parseInt(port, 16)}`,
		null,
		null,
	);
}

function colonsOf(bytes: readonly number[]): string {
	const groups = Array.from({ length: 8 }, (_, i) =>
		(((bytes[i * 2] ?? 0) << 8) | (bytes[i * 2 + 1] ?? 0)).toString(16),
	);
	return groups.join(":");
}

function socketOf(protocol: string, local: string, process: string | null, pid: number | null): Socket[] {
	const [, bracketed, plain, port] = /^(?:\[([^\]]*)\]|(.*)):(\d{1,5})$/.exec(local) ?? [];
	const kind = /^(tcp|udp)/.exec(protocol)?.[1] as "tcp" | "udp" | undefined;
	if (kind === undefined || port === undefined || Number(port) > 65_535) return [];
	const address = (bracketed ?? plain ?? "").replace(/%.*$/, "");
	const all = address === "*" || address === "0.0.0.0" || address === "::" || address === "";
	return [{ protocol: kind, address: all ? "*" : address, port: Number(port), process, pid }];
}
