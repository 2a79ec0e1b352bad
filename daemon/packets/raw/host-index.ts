/** The hosts of a raw job by address, so that an answer finds the one it speaks of. Pure. */
import { AddressTable } from "./address-table.ts";
import type { AddressValue, RawHost } from "./raw-host.ts";

export class HostIndex {
	private readonly hosts4 = new AddressTable<RawHost>();
	private readonly hosts6 = new Map<string, RawHost>();

	/** The host last added with this address; the others follow as its `twin`. */
	find(address: AddressValue): RawHost | undefined {
		return typeof address === "number" ? this.hosts4.get(address) : this.hosts6.get(keyOf(address));
	}

	add(host: RawHost): void {
		host.twin = this.find(host.address);
		this.put(host.address, host);
	}

	/** Its twins are still found. */
	remove(host: RawHost): void {
		const first = this.find(host.address);
		if (first === host) {
			this.put(host.address, host.twin);
			return;
		}
		let before = first;
		while (before !== undefined && before.twin !== host) before = before.twin;
		if (before !== undefined) before.twin = host.twin;
	}

	private put(address: AddressValue, host: RawHost | undefined): void {
		if (typeof address === "number") {
			if (host === undefined) this.hosts4.delete(address);
			else this.hosts4.set(address, host);
		} else if (host === undefined) this.hosts6.delete(keyOf(address));
		else this.hosts6.set(keyOf(address), host);
	}
}

function keyOf(words: Uint32Array): string {
	return Array.prototype.join.call(words);
}
