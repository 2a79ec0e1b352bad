/** A batch against a kernel that really has no room: a datagram socket takes about ten, and says EAGAIN to the next. */
import { afterEach, expect } from "vitest";
import { testNeeding } from "../../../test/support/needing.ts";
import { type Libc, linux, loadLibc } from "../libc.ts";
import { batchSize, TransmitBatch } from "./transmit-batch.ts";

const unix = 1;
const packetLength = 4;
const { libc } = loadLibc();
const libcTest = testNeeding("koffi", libc !== null);
const opened: number[] = [];
afterEach(() => {
	for (const fd of opened.splice(0)) libc?.close(fd);
});

/** In the abstract namespace (unix(7)): nothing is left behind in the file system. */
function addressOf(name: string): Uint8Array {
	const bytes = Buffer.alloc(3 + name.length);
	bytes.writeUInt16LE(unix, 0);
	bytes.write(name, 3, "latin1");
	return bytes;
}

function openSocket(table: Libc): number {
	const fd = table.socket(unix, linux.SOCK_DGRAM | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC, 0);
	if (fd < 0) throw new Error(`no socket: ${table.errno()}`);
	opened.push(fd);
	return fd;
}

libcTest("what the kernel has no room for stays, in order, and nothing is sent twice", () => {
	if (libc === null) throw new Error("skipped without it");
	const address = addressOf(`vdt${process.pid}`);
	const receiver = openSocket(libc);
	const place = libc.allocate(address.length);
	place.bytes.set(address);
	expect(libc.bind(receiver, place.pointer, address.length)).toBe(0);
	const batch = new TransmitBatch<number>(libc, openSocket(libc), packetLength, address.length);
	for (let n = 0; n < batchSize; n++) {
		const at = batch.add(n);
		batch.view.setUint32(batch.packetAt(at), n);
		batch.bytes.set(address, batch.addressAt(at));
	}
	expect(batch.isFull).toBe(true);
	const buffer = libc.allocate(packetLength);
	const heard: number[] = [];
	let fulls = 0;
	for (let result = batch.send(); result !== "done"; result = batch.send()) {
		expect(result).toBe("full");
		fulls++;
		expect(batch.nextOwner).toBe(batchSize - batch.count);
		while (libc.recv(receiver, buffer.pointer, packetLength, 0) === packetLength) heard.push(buffer.view.getUint32(0));
	}
	while (libc.recv(receiver, buffer.pointer, packetLength, 0) === packetLength) heard.push(buffer.view.getUint32(0));
	expect(fulls).toBeGreaterThan(3);
	expect(heard).toEqual(Array.from({ length: batchSize }, (_, n) => n));
	expect([batch.count, batch.isFull]).toEqual([0, false]);
});

libcTest("a packet that cannot be sent at all is told by its errno, and skipped alone", () => {
	if (libc === null) throw new Error("skipped without it");
	const batch = new TransmitBatch<string>(libc, openSocket(libc), packetLength, addressOf("nobody").length);
	for (const owner of ["a", "b"]) batch.bytes.set(addressOf("nobody"), batch.addressAt(batch.add(owner)));
	expect(batch.send()).toBeTypeOf("number");
	expect(batch.nextOwner).toBe("a");
	batch.skip();
	expect([batch.nextOwner, batch.count]).toEqual(["b", 1]);
	batch.skip();
	expect(batch.send()).toBe("done");
});
