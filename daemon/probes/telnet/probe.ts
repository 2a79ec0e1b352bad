/** Listens to a Telnet server, refuses every option, and leaves at the login prompt. Nothing is typed. */
import type { DataOf } from "../../evidence/record.ts";
import { attempt } from "../attempt.ts";
import type { Connection, Learned, Probe } from "../probe.ts";
import { ProbeFailure } from "../probe.ts";
import { isLoginPrompt, type Offer, parseStream, protects, recogniseTelnet, refuse, softwareOf } from "./parse.ts";

type Telnet = DataOf<"telnet">;

const quietMs = 2_000;
const maxReads = 64;
const maxTextBytes = 2_048;

export const probe: Probe = {
	name: "telnet",
	transport: "tcp",
	ports: [23, 2323],
	speaksFirst: "server",
	recognise: recogniseTelnet,

	async talk(context): Promise<Learned> {
		const connection = await context.dial.connect();
		const data: Telnet = {
			product: null,
			version: null,
			info: null,
			banner: "",
			loginPrompt: false,
			encryption: false,
		};
		try {
			const offers: Offer[] = [];
			const heardOut = await attempt(() => listen(connection, data, offers));
			if (offers.length === 0 && !data.loginPrompt)
				throw new ProbeFailure("protocol", "neither an option nor a prompt");
			data.encryption = protects(offers);
			Object.assign(data, softwareOf(data.banner));
			return [{ kind: "telnet", data, complete: heardOut || data.loginPrompt }];
		} finally {
			connection.close();
		}
	},
};

async function listen(connection: Connection, data: Telnet, offers: Offer[]): Promise<void> {
	const answered = new Set<number>();
	let pending: Buffer = Buffer.alloc(0);
	for (let reads = 0; reads < maxReads && data.banner.length < maxTextBytes; reads++) {
		const chunk = await connection.read(quietMs);
		if (chunk === null || chunk.length === 0) return;
		pending = Buffer.concat([pending, chunk]);
		const heard = parseStream(pending);
		pending = pending.subarray(heard.consumed);
		offers.push(...heard.offers);
		data.banner = (data.banner + heard.text).slice(0, maxTextBytes);
		data.loginPrompt = isLoginPrompt(data.banner);
		const answer = refuse(heard.offers, answered);
		if (answer.length > 0) await connection.write(answer);
		else if (data.loginPrompt) return;
	}
}
