/** The sequence number a probe carries so that its answer proves itself: a hash of who is asked, keyed anew for each thread. */
import { randomBytes } from "node:crypto";
import { type HashKey, keyedHash } from "./keyed-hash.ts";
import type { AddressValue } from "./raw-host.ts";

export class ProbeProof {
	private readonly key: HashKey;
	/** Address words, then both ports. */
	private readonly hashed = new Uint32Array(5);

	constructor() {
		const random = randomBytes(8);
		this.key = [random.readUInt32LE(0), random.readUInt32LE(4)];
	}

	of(address: AddressValue, fromPort: number, toPort: number): number {
		const { hashed } = this;
		let count = 1;
		if (typeof address === "number") hashed[0] = address;
		else for (count = 0; count < address.length; count++) hashed[count] = address[count] ?? 0;
		hashed[count] = (fromPort << 16) | toPort;
		return keyedHash(this.key, hashed, count + 1);
	}
}
