import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { expect, test } from "vitest";
import { compileFilter } from "../query/compile.ts";
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

test("whatever is written with dots and digits is read as the library reads it, or refused", () => {
	const part = fc.oneof(fc.nat(300).map(String), fc.constantFrom("", "00", "010", "0x1f", "256", "1%a"));
	const written = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("."));
	fc.assert(
		fc.property(written, (text) => {
			const [bare = ""] = text.split("%");
			if (!ipaddr.isValid(bare)) expect(() => addressKey(text)).toThrow();
			else
				expect(addressKey(text).split("%")[0]).toBe(
					`4${Buffer.from(ipaddr.parse(bare).toByteArray()).toString("hex")}`,
				);
		}),
	);
});

/** An IPv4 address written as IPv6 is the IPv4 address in a query. */
const plain = address.filter((text) => !text.startsWith("::ffff:"));

test("in SQL a range takes exactly the addresses between its ends, of its own family", () => {
	const { db } = openStore(":memory:", { clock: { now: () => 0 } });
	fc.assert(
		fc.property(plain, plain, plain, (one, other, text) => {
			const keys = [one, other].map(addressKey).sort();
			const [first = "", last = ""] = keys.map(addressOfKey);
			fc.pre(first.includes(":") === last.includes(":"));
			const { where } = compileFilter(`address:[${first} .. ${last}]`, findingFields, { now: 0 });
			const found = db
				.prepare(`SELECT (${where?.sql}) AS found FROM (SELECT ? AS address) f`)
				.get(...(where?.params ?? []), addressKey(text))?.found;
			const key = addressKey(text);
			expect(found === 1).toBe((keys[0] ?? "") <= key && key <= (keys[1] ?? ""));
		}),
	);
});
