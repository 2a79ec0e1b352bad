import { expect, test } from "vitest";
import { findByToken, makeToken } from "./token.ts";

test("a token is found by its secret alone, and the secret is not what is kept", () => {
	const made = Array.from({ length: 20 }, () => makeToken());
	expect(new Set(made.map(({ secret }) => secret)).size).toBe(20);
	for (const one of made) {
		expect(one.secret).toMatch(/^vdt_[\w-]{43}$/);
		expect(JSON.stringify(one.hash)).not.toContain(one.secret.slice(4));
		expect(findByToken(made, one.secret)).toBe(one);
		expect(findByToken(made, one.secret.slice(0, -1))).toBeNull();
		expect(findByToken(made, one.hash)).toBeNull();
	}
	expect(findByToken([], made[0]?.secret ?? "")).toBeNull();
	expect(findByToken([{ hash: "" }], "")).toBeNull();
});
