/** The raw engine under the suite that the connect engine passes, on the lab's own loopback. */
import { expect, test } from "vitest";
import { testConformance } from "../../daemon/packets/engine-conformance.test-support.ts";
import { chooseEngine } from "../../daemon/packets/raw-choice.ts";

const left: string[] = [];

testConformance({
	name: "raw",
	create: async (options) => chooseEngine({ onHandover: (reason) => left.push(reason), ...options }).engine,
	completesHandshakes: false,
});

test("only jobs that list a port twice were left to connects", () => {
	expect([...new Set(left)]).toEqual(["a port is listed twice"]);
});
