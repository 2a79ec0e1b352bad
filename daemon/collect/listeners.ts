/** Listening sockets and whose they are: from `ss`, `netstat`, or the kernel's own tables. */
import type { DataOf } from "../evidence/record.ts";
import { defineCollector, lineOf, linesOf, partsOf } from "./collector.ts";
import { processNames, readNames } from "./processes.ts";

type Socket = DataOf<"listeners">["sockets"][number];

const mostSockets = 20_000;

export const listeners = defineCollector({
	kind: "listeners",
	// Each way only where the one before gave nothing. ss has -H since 2017. Without -W netstat cuts long addresses short.
	script: `
told=
if command -v ss >/dev/null; then part ss; if $S ss -H -l -n -t -u -p || ss -H -l -n -t -u -p || ss -l -n -t -u -p; then told=y; fi
elif command -v netstat >/dev/null; then part netstat; if $S netstat -W -l -n -t -u -p || netstat -W -l -n -t -u -p; then told=y; part names; ${processNames}; fi; fi
if [ -z "$told" ] && [ -r /proc/net/tcp ]; then told=y; part proc; for one in tcp tcp6 udp udp6; do sed "1d;s/^/$one /" /proc/net/$one; done; fi
part told; echo $told
`,
	privileged: ["/usr/bin/ss -H -l -n -t -u -p", "/usr/bin/netstat -W -l -n -t -u -p"],
	mostBytes: 4 << 20,
	parse({ text, cut }) {
		const parts = partsOf(text);
		const names = readNames(parts.get("names"));
		const found = new Map<string, Socket>();
		for (const [name, read] of Object.entries(readers)) {
			for (const socket of linesOf(parts.get(name)).flatMap(read)) {
				const process = names.get(String(socket.pid)) ?? socket.process;
				found.set(`${socket.protocol} ${socket.address} ${socket.port} ${socket.pid}`, { ...socket, process });
				if (found.size > mostSockets) break;
			}
		}
		const told = lineOf(parts.get("told")) === "y";
		if (!told && found.size === 0) return null;
		return { data: { sockets: [...found.values()] }, complete: told && !cut && found.size <= mostSockets };
	},
	unread: () => ({ why: "neither ss nor netstat works there, and /proc/net is closed" }),
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
