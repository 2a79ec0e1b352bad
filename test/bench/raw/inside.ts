/** The measuring half of the raw benchmark; runs in a network namespace of its own and prints its rows as lines of JSON. */
import { execFileSync } from "node:child_process";
import { createServer } from "node:net";
import { chooseEngine } from "../../../daemon/packets/raw-choice.ts";
import { type FarSide, RawNetwork } from "../../lab/raw-network.ts";
import type { BenchRow } from "../main.ts";
import { giveUpMs, installed, type Scanned, scanRaw, scanWithMasscan, scanWithNmap, type Work } from "./scanners.ts";

const smoke = process.argv.includes("--smoke");
const { engine, reason } = chooseEngine({ idleMs: 600_000 });
if (engine.name !== "raw") throw new Error(reason);

const portsUpTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
const allPorts = portsUpTo(65_535);
const many = Array.from({ length: 1_024 }, (_, i) => `198.18.${4 + (i >> 8)}.${i & 255}`);
const one = "198.18.4.200";
const listen = many.flatMap((address, i) =>
	[...new Set([22, 80, 443, 17 + (i % 900), 100 + (i % 700)])].map((port) => ({ address, port })),
);
const openUpTo = (last: number, but: (address: string) => boolean = () => false) =>
	listen.filter(({ address, port }) => port <= last && !but(address)).length;
/** The first 102 addresses, one in ten, when a network has silent hosts. */
const silentHosts = (address: string) => many.indexOf(address) < 102;
const silence = ["ip daddr 198.18.4.0-198.18.4.101 drop"];

type Scanner = (work: Work) => Promise<Scanned>;
const nmap: Scanner = (work) => scanWithNmap(work, []);
const tuned: Scanner = (work) => scanWithNmap(work, ["--min-rate", "25000"]);

/** Every scanner once a round, in an order that rotates; then one row for each peer. */
async function compare(
	name: string,
	work: Work,
	open: number,
	rounds: number,
	peers: readonly { readonly name: string; readonly scan: Scanner; readonly goal: string }[],
): Promise<void> {
	const all = [{ name: "ours", scan: (job: Work) => scanRaw(engine, job), goal: "" }, ...peers];
	const results = new Map(all.map((scanner) => [scanner.name, [] as Scanned[]]));
	for (let round = 0; round < rounds; round++) {
		for (let i = 0; i < all.length; i++) {
			const scanner = all[(i + round) % all.length];
			if (scanner !== undefined) results.get(scanner.name)?.push(await scanner.scan(work));
		}
	}
	const figures = (who: string) => {
		const list = results.get(who) ?? [];
		return { seconds: median(list.map(({ ms }) => ms)) / 1_000, found: Math.min(...list.map(({ found }) => found)) };
	};
	const ours = figures("ours");
	const share = (found: number) => `${((found / open) * 100).toFixed(1)} %`;
	for (const peer of peers) {
		const theirs = figures(peer.name);
		const row: BenchRow = {
			name,
			ours: ours.seconds.toFixed(2),
			peer: theirs.seconds.toFixed(2),
			ratio: (theirs.seconds / ours.seconds).toFixed(2),
			unit: "s",
			note: `peer ${peer.name}, goal >= ${peer.goal}; found ${share(ours.found)}, peer ${share(theirs.found)} of ${open}${theirs.seconds >= giveUpMs / 1_000 ? "; peer ended before it was done" : ""}`,
		};
		process.stdout.write(`${JSON.stringify(row)}\n`);
	}
}

async function overWire(far: FarSide, measure: () => Promise<void>): Promise<void> {
	const network = await RawNetwork.create({ routed: ["198.18.4.0/22"], listen, ...far });
	try {
		await measure();
	} finally {
		await network.end();
	}
}

const hasNmap = installed("nmap");
const hasMasscan = installed("masscan");
const nmapPeer = (goal: string) => (hasNmap ? [{ name: "nmap -sS -T4", scan: nmap, goal }] : []);
const tunedPeer = (goal: string) => (hasNmap ? [{ name: "nmap -sS -T4 --min-rate 25000", scan: tuned, goal }] : []);
const masscanPeer = (goal: string, rate: number) =>
	hasMasscan ? [{ name: `masscan --rate ${rate}`, scan: (work: Work) => scanWithMasscan(work, rate), goal }] : [];

execFileSync("ip", ["link", "set", "lo", "up"]);
const local = await Promise.all(Array.from({ length: 200 }, () => listenLocally()));
// The thread is started, as it is in a daemon at work.
await scanRaw(engine, { addresses: ["127.0.0.1"], ports: [1] });
const rounds = smoke ? 1 : 5;
await compare(
	"65,535 ports of one host, loopback",
	{ addresses: ["127.0.0.1"], ports: allPorts },
	200,
	rounds,
	nmapPeer("1.5"),
);
for (const server of local) server.close();

await overWire({}, async () => {
	const open = listen.filter(({ address }) => address === one).length;
	await compare("65,535 ports of one host, veth", { addresses: [one], ports: allPorts }, open, rounds, nmapPeer("2"));
	const work = smoke ? { addresses: many, ports: portsUpTo(100) } : { addresses: many, ports: portsUpTo(1_000) };
	const peers = [...nmapPeer("2"), ...masscanPeer("2", 10_000_000)];
	await compare(
		`1,024 hosts x ${work.ports.length} ports, veth`,
		work,
		openUpTo(work.ports.length),
		smoke ? 1 : 3,
		peers,
	);
});
if (!smoke) {
	const work = { addresses: many, ports: portsUpTo(100) };
	await overWire({ rules: silence }, async () => {
		await compare("1,024 x 100, one host in ten silent", work, openUpTo(100, silentHosts), 1, [
			...nmapPeer("15"),
			...masscanPeer("1", 100_000),
		]);
	});
	await overWire({ wire: { delayMs: 10, loss: 0.01 } }, async () => {
		const peers = [...nmapPeer("20"), ...tunedPeer("2"), ...masscanPeer("1", 100_000)];
		await compare("1,024 x 100, 20 ms, 1 % loss", work, openUpTo(100), 1, peers);
	});
	await overWire({ wire: { delayMs: 10, loss: 0, packetsPerSecond: 30_000, queue: 500 } }, async () => {
		const peers = [...nmapPeer("5"), ...tunedPeer("1.4"), ...masscanPeer("1", 10_000_000)];
		await compare("1,024 x 100, bottleneck of 30,000/s, 20 ms", work, openUpTo(100), 1, peers);
	});
}
await engine.close();

async function listenLocally() {
	const server = createServer((socket) => socket.on("error", () => {}).destroy());
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return server;
}

function median(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
