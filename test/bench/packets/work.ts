/** What the scanners are given to do, and which answers are true: hosts, ports, listening sockets and who keeps silent. */

export interface Work {
	/** For the row. */
	readonly name: string;
	readonly addresses: readonly string[];
	/** The same as prefixes, as a user would write them. */
	readonly targets: readonly string[];
	readonly ports: readonly number[];
	/** Find out who is there only, instead of which ports are open. */
	readonly discovery?: boolean;
	/** What there is to find: `address port` of every open port, or `address` of every host that is there. */
	readonly truth: ReadonlySet<string>;
}

export const portsUpTo = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);

/** 1,024 hosts with about five listening sockets each. */
export const block = { prefix: "198.18.4.0/22", addresses: Array.from({ length: 1_024 }, (_, i) => blockAddress(i)) };
export const listen = block.addresses.flatMap((address, i) =>
	[...new Set([22, 80, 443, 17 + (i % 900), 100 + (i % 700)])].map((port) => ({ address, port })),
);
/** One of them has a few more, spread over all ports. */
const busy = block.addresses[200] ?? "";
const busyPorts = Array.from({ length: 120 }, (_, i) => 1_500 + i * 521);
export const listenBusy = busyPorts.map((port) => ({ address: busy, port }));

/** One host in ten of the first so many, the first of them, answers nothing when these rules hold. */
export const silentRules = (hosts: number) => [`ip daddr 198.18.4.0-${silentHosts(hosts).at(-1)} drop`];
const silentHosts = (hosts: number) => block.addresses.slice(0, Math.floor(hosts / 10));

export const wide = {
	prefix: "198.19.0.0/16",
	addresses: Array.from({ length: 65_536 }, (_, i) => `198.19.${i >> 8}.${i & 255}`),
};
/** A few of them listen on the port that is asked. */
export const listenWide = Array.from({ length: 64 }, (_, i) => ({ address: `198.19.${i * 4}.0`, port: 80 }));
/** Seven of eight are not there when these rules hold. */
export const sparseRules = ["ip daddr 198.19.0.0/16 ip daddr & 0.0.0.7 != 0.0.0.0 drop"];
const isSparselyAlive = (_: string, i: number) => i % 8 === 0;

/** So many hosts of the block, so many ports. */
export function blockWork(name: string, hosts: number, ports: number, someSilent = false): Work {
	const addresses = block.addresses.slice(0, hosts);
	const asked = new Set(addresses);
	const silent = new Set(silentHosts(hosts));
	const open = listen.filter(
		({ address, port }) => asked.has(address) && port <= ports && !(someSilent && silent.has(address)),
	);
	return {
		...{ name, addresses, targets: [`198.18.4.0/${32 - Math.log2(hosts)}`], ports: portsUpTo(ports) },
		truth: new Set(open.map(({ address, port }) => `${address} ${port}`)),
	};
}

/** All ports of one host, or the first so many. */
export function busyWork(name: string, ports = 65_535): Work {
	const open = [...listen, ...listenBusy].filter(({ address, port }) => address === busy && port <= ports);
	const truth = new Set(open.map(({ port }) => `${busy} ${port}`));
	return { name, addresses: [busy], targets: [busy], ports: portsUpTo(ports), truth };
}

/** One port of very many addresses, 2 to the power of `bits`. */
export function wideWork(name: string, kind: "ports" | "discovery" | "sparse discovery", bits: number): Work {
	const addresses = wide.addresses.slice(0, 2 ** bits);
	const base = { name, addresses, targets: [`198.19.0.0/${32 - bits}`], ports: [80] };
	if (kind === "ports") {
		const asked = new Set(addresses);
		const open = listenWide.filter(({ address }) => asked.has(address));
		return { ...base, truth: new Set(open.map(({ address, port }) => `${address} ${port}`)) };
	}
	const alive = kind === "discovery" ? addresses : addresses.filter(isSparselyAlive);
	return { ...base, discovery: true, truth: new Set(alive) };
}

function blockAddress(i: number): string {
	return `198.18.${4 + (i >> 8)}.${i & 255}`;
}
