/** Samba's name server as a machine's NetBIOS service: the name it is asked for becomes what the machine is known by. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { readNodeStatus } from "../../daemon/identity/netbios.ts";
import { createDatagramEngine } from "../../daemon/packets/datagram-engine.ts";
import { askDatagrams } from "../../daemon/packets/datagrams/ask.ts";
import type { DatagramEngine } from "../../daemon/packets/datagrams/job.ts";
import type { Asset, AssetDetail } from "../../protocol/model/asset.ts";
import { Household } from "../support/vedette.ts";
import { Lab, type Server } from "./processes.ts";
import { RoutedNetwork } from "./routed-network.ts";

const [first, second] = ["10.98.0.2", "10.98.0.3"];
const limits = { ratePerSecond: 100, inFlight: 10, inFlightPerHost: 10, timeoutMs: 1_000, retries: 1 };
const lab = new Lab("netbios");
const household = new Household();
let network: RoutedNetwork;
let engine: DatagramEngine;
let server: Server | undefined;

beforeAll(async () => {
	engine = createDatagramEngine();
	network = RoutedNetwork.open();
	await network.add("files");
	network.wire("here", "files", { from: ["10.98.0.1/24"], to: [`${first}/24`] });
});
afterAll(async () => {
	await household.end();
	await lab.end();
	await engine.close();
	await network.close();
});

async function nameAt(address: string): Promise<string | null> {
	let name: string | null = null;
	const job = { addresses: [address], limits, probes: { udpPorts: [137] } };
	await askDatagrams(engine, job, new AbortController().signal, ({ answers }) => {
		for (const { reply } of answers) if (reply !== null) name = readNodeStatus(reply)?.name ?? null;
	});
	return name;
}

/** The machine is called so, and has this address and no other, once this resolves. */
async function become(name: string, address: string): Promise<void> {
	await server?.stop();
	network.ip("files", "address", "flush", "dev", "to-here");
	network.ip("files", "address", "add", `${address}/24`, "broadcast", "10.98.0.255", "dev", "to-here");
	const folders = ["pid", "lock", "state", "cache", "private"].map((what) => {
		const isPrivate = what === "private" ? "private dir" : `${what} directory`;
		return `${isPrivate} = ${lab.path("samba", what, "x").replace(/\/x$/, "")}`;
	});
	const config = lab.write(
		"smb.conf",
		[
			...["[global]", `netbios name = ${name}`, "workgroup = LAB", `interfaces = ${address}/24`],
			...["bind interfaces only = yes", "local master = no", "preferred master = no", ...folders],
		].join("\n"),
	);
	const [program = "", ...args] = [...network.enter("files"), "nmbd", "-F", "--no-process-group", "-s", config];
	server = await lab.start(program, [...args, `--log-basename=${lab.folder}`], []);
	while ((await nameAt(address)) !== name);
}

const show = (asset: string) => household.json<AssetDetail>("assets", "show", asset);
const netbiosOf = ({ identifiers }: AssetDetail) =>
	identifiers.filter(({ kind }) => kind === "netbios").map(({ value, primary }) => ({ value, primary }));

test("a machine that is tracked by its NetBIOS name is the same at another address, and another name is another machine", async () => {
	await become("FILES", first);
	await household.json("scan", first, "--ports", "none", "--udp", "137", "--wait");
	const seen = await show(first);
	expect(netbiosOf(seen)).toEqual([{ value: "FILES", primary: true }]);
	expect(seen.services.map(({ port, name }) => [port, name])).toEqual([[137, "netbios-ns"]]);

	const tracked = await household.json("assets", "track", "--by", "netbios", "--asset", String(seen.asset.id), "--yes");
	expect(tracked).toMatchObject({ items: [{ outcome: "changes", by: "FILES" }] });
	await become("FILES", second);
	// Nobody was ever there, and the scan's own ports do not have it: the name is asked for as a neighbour is tracked by one.
	await household.json("scan", `${first}-${second}`, "--ports", "139", "--udp", "none", "--wait");
	const moved = await show(second);
	expect(moved.asset).toMatchObject({ id: seen.asset.id, tracking: "NETBIOS", trackedBy: "FILES" });

	await become("PRINTS", second);
	await household.json("scan", second, "--ports", "none", "--udp", "137", "--wait");
	const { items } = await household.json<{ items: Asset[] }>("assets", "--sort", "id");
	expect(items.map(({ name, tracking }) => [name, tracking])).toEqual([
		["FILES", "NETBIOS"],
		["PRINTS", "NETBIOS"],
	]);
});
