/** Checks on what packets need: the port engine and its rights, ICMP, descriptors, local ports, connection tracking. */
import type { DoctorCheck } from "../../protocol/model/doctor.ts";
import type { loadLibc } from "../packets/libc.ts";
import { readNumbers, readText } from "./proc.ts";

export interface EngineFacts {
	readonly name: string;
	readonly reason: string;
	/** How to grant what is missing; null when nothing is, or nothing helps. */
	readonly hint: string | null;
}

/** CAP_NET_RAW in the sets of capabilities(7). */
const netRaw = 1n << 13n;

/** What /proc/self/status says of this process. */
export interface Rights {
	readonly uid: number;
	readonly groups: readonly number[];
	readonly netRaw: boolean;
	/** The capability came from the file of the program and not from who started it. */
	readonly fromFile: boolean;
}

export function readRights(status: string = readText("/proc/self/status") ?? ""): Rights {
	const numbers = (name: string) =>
		(new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status)?.[1] ?? "").split(/\s+/).filter(Boolean).map(Number);
	const set = (name: string) =>
		BigInt(`0x${new RegExp(`^${name}:\\s*([0-9a-f]{1,16})$`, "m").exec(status)?.[1] ?? "0"}`);
	const uid = numbers("Uid")[1] ?? -1;
	const held = (set("CapEff") & netRaw) !== 0n;
	return {
		uid,
		groups: [...numbers("Gid").slice(1, 2), ...numbers("Groups")],
		netRaw: held,
		fromFile: held && uid !== 0 && (set("CapAmb") & netRaw) === 0n,
	};
}

/** How to give a daemon the capability; what not to do comes last. */
const capabilityCure = [
	"Give the daemon CAP_NET_RAW as an ambient capability; it needs no root then.",
	"As a service: systemctl edit vedette, add [Service] AmbientCapabilities=CAP_NET_RAW, then systemctl restart vedette",
	"By hand: sudo setpriv --reuid $(id -u) --regid $(id -g) --init-groups --inh-caps +net_raw --ambient-caps +net_raw vedette daemon",
	"Do not use setcap on the node binary: every script it runs could then open raw sockets.",
];

export function checkEngine(engine: EngineFacts): DoctorCheck {
	const lacks = engine.hint !== null;
	return {
		id: "engine",
		title: "Port engine",
		state: lacks ? "warning" : "ok",
		found: `${engine.name}. ${engine.reason}`,
		cure: lacks ? capabilityCure : [],
	};
}

export function checkRights({ uid, netRaw: raw, fromFile }: Rights): DoctorCheck {
	const base = { id: "rights", title: "Rights" };
	if (uid === 0) {
		const found = "It runs as root, which is more than it needs.";
		return { ...base, state: "warning", found, cure: ["Run it as a user of its own.", ...capabilityCure.slice(0, 3)] };
	}
	if (fromFile) {
		const found = "CAP_NET_RAW comes from the node binary itself: every script it runs can open raw sockets.";
		const cure = [`sudo setcap -r ${process.execPath}`, ...capabilityCure.slice(0, 3)];
		return { ...base, state: "warning", found, cure };
	}
	return { ...base, state: "ok", found: `User ${uid}, ${raw ? "with" : "without"} CAP_NET_RAW.`, cure: [] };
}

export function checkLibc({ libc, reason }: ReturnType<typeof loadLibc>): DoctorCheck {
	const base = { id: "koffi", title: "Calls to the kernel" };
	if (libc !== null) return { ...base, state: "ok", found: "koffi is loaded.", cure: [] };
	return {
		...base,
		state: "warning",
		found: `Ports are asked through node:net, which is slower: ${reason}.`,
		cure: ["Install Vedette again with npm ci on this machine; koffi has builds for Linux on common processors."],
	};
}

/** ICMP echo without raw sockets needs a group of the process in this range (icmp(7)). */
export function checkPingGroup(
	{ groups, netRaw: raw }: Rights,
	range: readonly number[] | null = readNumbers("/proc/sys/net/ipv4/ping_group_range"),
): DoctorCheck {
	const base = { id: "ping-group", title: "ICMP echo" };
	const [first = 1, last = 0] = range ?? [];
	if (groups.some((group) => group >= first && group <= last)) {
		return { ...base, state: "ok", found: `Allowed to groups ${first}-${last}, ours among them.`, cure: [] };
	}
	if (raw) return { ...base, state: "ok", found: "Sent through raw sockets: CAP_NET_RAW is granted.", cure: [] };
	return {
		...base,
		state: "warning",
		found:
			range === null ? "The kernel does not say who may send it." : `Allowed to groups ${first}-${last}, not to ours.`,
		cure: [
			'sudo sysctl -w net.ipv4.ping_group_range="0 2147483647"',
			"To keep it, write that setting to a file in /etc/sysctl.d/.",
		],
	};
}

/** The connect engine keeps so many attempts open at once when it may. */
const wantedDescriptors = 8_192 + 1_024;

/** Node raises the soft limit to the hard one by itself. */
export function checkDescriptors(limits: string | null = readText("/proc/self/limits")): DoctorCheck {
	const base = { id: "descriptors", title: "Open files" };
	const words = /^Max open files\s+(\S+)\s+(\S+)/m.exec(limits ?? "");
	const soft = words?.[1] === "unlimited" ? Number.POSITIVE_INFINITY : Number(words?.[1] ?? Number.NaN);
	if (Number.isNaN(soft)) return { ...base, state: "ok", found: "This system does not tell the limit.", cure: [] };
	if (soft >= wantedDescriptors) return { ...base, state: "ok", found: `Up to ${soft} at once.`, cure: [] };
	return {
		...base,
		state: soft < 512 ? "failed" : "warning",
		found: `Up to ${soft} at once, so fewer connects are tried at the same time than could be.`,
		cure: ["As a service: LimitNOFILE=65536 in [Service].", "In a shell: ulimit -n 65536, then start the daemon."],
	};
}

export function checkLocalPorts(
	range: readonly number[] | null = readNumbers("/proc/sys/net/ipv4/ip_local_port_range"),
	sockets: string | null = readText("/proc/net/sockstat"),
): DoctorCheck {
	const base = { id: "local-ports", title: "Local ports" };
	const [first, last] = range ?? [];
	if (first === undefined || last === undefined) {
		return { ...base, state: "ok", found: "This system does not tell the range.", cure: [] };
	}
	const size = last - first + 1;
	const [, inUse = "0", waiting = "0"] = /^TCP: inuse (\d+) .*?tw (\d+)/m.exec(sockets ?? "") ?? [];
	const taken = Number(inUse) + Number(waiting);
	const found = `${first}-${last} for connects, ${Math.max(0, size - taken)} of ${size} free.`;
	if (size >= 8_192 && taken < size * 0.8) return { ...base, state: "ok", found, cure: [] };
	const cure =
		size < 8_192
			? ['sudo sysctl -w net.ipv4.ip_local_port_range="32768 60999"']
			: ["Many connections are open or just closed (ss -s says whose); scans wait for ports to become free."];
	return { ...base, state: "warning", found, cure };
}

/** A tracked connection a probe: a full table makes the kernel drop packets, everybody's. */
export function checkConntrack(
	used: number | null = readNumbers("/proc/sys/net/netfilter/nf_conntrack_count")?.[0] ?? null,
	most: number | null = readNumbers("/proc/sys/net/netfilter/nf_conntrack_max")?.[0] ?? null,
): DoctorCheck {
	const base = { id: "conntrack", title: "Connection tracking" };
	if (most === null) {
		return { ...base, state: "ok", found: "This machine tracks no connections, or does not show it.", cure: [] };
	}
	const found = `${used ?? 0} of ${most} places of the kernel's table are taken.`;
	if (most - (used ?? 0) >= 65_536) return { ...base, state: "ok", found, cure: [] };
	return {
		...base,
		state: (used ?? 0) > most * 0.95 ? "failed" : "warning",
		found: `${found} A scan takes one a probe, and a full table loses packets.`,
		cure: [
			"sudo sysctl -w net.netfilter.nf_conntrack_max=1048576",
			"Or leave the scanner's packets out: nft add rule inet raw output meta skuid vedette notrack",
		],
	};
}
