/** Asks an RDP server which security layers it accepts, one connection each, and leaves before any login. */
import { attempt } from "../attempt.ts";
import type { Connection, Learned, Probe, ProbeContext } from "../probe.ts";
import { ProbeFailure } from "../probe.ts";
import { bodyLength, type Confirm, connectionRequest, type Layer, parseConfirm, recogniseRdp } from "./parse.ts";

/** What to ask for to learn of a layer: hybrid is only ever offered together with what it is built on. */
const questions: readonly (readonly Layer[])[] = [["tls", "hybrid", "hybrid-ex"], ["tls", "hybrid"], ["tls"], ["rdp"]];

export const probe: Probe = {
	name: "rdp",
	transport: "tcp",
	ports: [3389],
	speaksFirst: "client",
	hello: () => connectionRequest(["tls", "hybrid"]),
	recognise: recogniseRdp,

	async talk(context): Promise<Learned> {
		const accepted = new Set<Layer>();
		const asked = async (layers: readonly Layer[]) => {
			const confirm = await askApart(context, layers);
			if (confirm.kind === "selected" && confirm.layer !== null) accepted.add(confirm.layer);
		};
		const [first = [], ...further] = questions;
		await asked(first);
		const complete = await attempt(async () => {
			for (const layers of further) await asked(layers);
		});
		const protocols = (["rdp", "tls", "hybrid", "hybrid-ex"] as const).filter((layer) => accepted.has(layer));
		const nlaRequired = protocols.length > 0 && !accepted.has("rdp") && !accepted.has("tls");
		return [{ kind: "rdp", data: { product: null, version: null, info: null, protocols, nlaRequired }, complete }];
	},

	async startTls(connection): Promise<boolean> {
		const confirm = await ask(connection, ["tls", "hybrid"]);
		return confirm.kind === "selected" && confirm.layer !== null && confirm.layer !== "rdp";
	},

	offersStartTls: (learned) =>
		learned.some((lesson) => lesson.kind === "rdp" && lesson.data.protocols.some((layer) => layer !== "rdp")),
};

async function askApart(context: ProbeContext, layers: readonly Layer[]): Promise<Confirm> {
	const connection = await context.dial.connect();
	try {
		return await ask(connection, layers);
	} finally {
		connection.close();
	}
}

async function ask(connection: Connection, layers: readonly Layer[]): Promise<Confirm> {
	await connection.write(connectionRequest(layers));
	const length = bodyLength(await connection.readExactly(4));
	if (length === null) throw new ProbeFailure("protocol", "no TPKT packet");
	const confirm = parseConfirm(await connection.readExactly(length));
	if (confirm === null) throw new ProbeFailure("protocol", "no X.224 connection confirm");
	return confirm;
}
