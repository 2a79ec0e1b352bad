import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { expect, test } from "vitest";
import { addressKey as bytesOf } from "../query/address-key.ts";
import { addressKey, addressOfKey } from "./address-key.ts";
import { findingFields } from "./fields.ts";
import { openStore } from "./store.ts";

const address = fc.oneof(
	fc.ipV4(),
	fc.ipV6().map((text) => (ipaddr.parse(text) as ipaddr.IPv6).toRFC5952String()),
);

test("a key gives its address back and sorts as addresses do", () => {
	fc.assert(
		fc.property(address, address, (a, b) => {
			expect(addressOfKey(addressKey(a))).toBe(a);
			const [x, y] = [ipaddr.parse(a).toByteArray(), ipaddr.parse(b).toByteArray()];
			const order = x.length - y.length || Buffer.compare(Buffer.from(x), Buffer.from(y));
			expect(Math.sign(addressKey(a) < addressKey(b) ? -1 : addressKey(a) > addressKey(b) ? 1 : 0)).toBe(
				Math.sign(order),
			);
		}),
	);
	expect(addressOfKey(addressKey("fe80::1%eth0"))).toBe("fe80::1%eth0");
	expect(() => addressKey("example.org")).toThrow(expect.objectContaining({ code: "invalid" }));
});

test("in SQL it becomes the bytes the query language compares", () => {
	const { db } = openStore(":memory:", { clock: { now: () => 0 } });
	const field = findingFields.fields.address as { sql: string };
	const statement = db.prepare(`SELECT ${field.sql} AS bytes FROM (SELECT ? AS address) f`);
	fc.assert(
		fc.property(address, (text) => {
			expect(Buffer.from(statement.get(addressKey(text))?.bytes as Uint8Array)).toEqual(Buffer.from(bytesOf(text)!));
		}),
	);
});
