/** May this process open raw sockets, and if not, how can it be allowed to? Sends nothing. */
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { linux, loadLibc } from "./libc.ts";
import { portBlockSize } from "./raw/packet-filter.ts";

export interface RawAccess {
	readonly allowed: boolean;
	/** A clause: why not. Empty when allowed. */
	readonly reason: string;
	/** What to do so that it is; null when nothing can be done here, or nothing needs to be. */
	readonly hint: string | null;
}

/** Machines whose `struct msghdr` and pointers have the layout the engine writes: 64 bits, little-endian. */
const known64Bit = new Set(["x64", "arm64", "riscv64", "loong64"]);

const capabilityHint =
	"Give the daemon the capability CAP_NET_RAW: in its systemd unit `AmbientCapabilities=CAP_NET_RAW`, or by hand " +
	"`sudo setpriv --reuid $(id -u) --regid $(id -g) --init-groups --inh-caps +net_raw --ambient-caps +net_raw vedette daemon`.";

/** Opens an AF_PACKET socket and closes it again. */
export function checkRawAccess(): RawAccess {
	const { libc, reason } = loadLibc();
	if (libc === null) return { allowed: false, reason, hint: null };
	if (!known64Bit.has(process.arch)) {
		return { allowed: false, reason: `raw packets are not known to work on ${process.arch}`, hint: null };
	}
	const fd = libc.socket(linux.AF_PACKET, linux.SOCK_DGRAM | linux.SOCK_CLOEXEC, 0);
	if (fd >= 0) {
		libc.close(fd);
		return { allowed: true, reason: "", hint: null };
	}
	const errno = libc.errno();
	if (errno === constants.errno.EPERM || errno === constants.errno.EACCES) {
		return { allowed: false, reason: "this process lacks the capability CAP_NET_RAW", hint: capabilityHint };
	}
	return { allowed: false, reason: `the kernel offers no packet sockets (errno ${errno})`, hint: null };
}

/**
 * The first of 4,096 source ports that the kernel itself does not connect from, so that no connection of this machine is
 * disturbed. Default ranges leave the highest block.
 */
export function choosePortBlock(localRange: readonly [number, number] = readLocalPortRange()): number {
	const [first, last] = localRange;
	for (let block = 65_536 - portBlockSize; block >= 4_096; block -= portBlockSize) {
		if (block > last || block + portBlockSize - 1 < first) return block;
	}
	return 65_536 - portBlockSize;
}

function readLocalPortRange(): [number, number] {
	try {
		const [first, last] = readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8")
			.trim()
			.split(/\s+/)
			.map(Number);
		if (first !== undefined && last !== undefined && first > 0 && last >= first) return [first, last];
	} catch {}
	return [32_768, 60_999];
}
