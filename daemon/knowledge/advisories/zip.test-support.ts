/** Writes zip archives for tests, sound ones and others. */
import { crc32, deflateRawSync } from "node:zlib";

/** A zip archive (PKWARE APPNOTE 4.3) of JSON documents. `claims`: how long each says to be; `spoil`: its bytes are damaged. */
export function zip(
	documents: Record<string, object>,
	{ claims, spoil }: { claims?: number; spoil?: boolean } = {},
): Buffer {
	const parts: Buffer[] = [];
	const directory: Buffer[] = [];
	let at = 0;
	for (const [name, document] of Object.entries(documents)) {
		const plain = Buffer.from(JSON.stringify(document));
		const packed = deflateRawSync(plain);
		if (spoil === true) packed.fill(0xff, 4);
		const common = Buffer.alloc(26);
		common.writeUInt16LE(20, 0);
		common.writeUInt16LE(8, 4);
		common.writeUInt32LE(crc32(plain), 10);
		common.writeUInt32LE(packed.length, 14);
		common.writeUInt32LE(claims ?? plain.length, 18);
		common.writeUInt16LE(name.length, 22);
		const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), packed]);
		const tail = Buffer.alloc(14);
		tail.writeUInt32LE(at, 10);
		directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), common, tail, Buffer.from(name)]));
		parts.push(local);
		at += local.length;
	}
	const central = Buffer.concat(directory);
	const end = Buffer.alloc(22);
	end.write("PK\x05\x06");
	end.writeUInt16LE(directory.length, 8);
	end.writeUInt16LE(directory.length, 10);
	end.writeUInt32LE(central.length, 12);
	end.writeUInt32LE(at, 16);
	return Buffer.concat([...parts, central, end]);
}
