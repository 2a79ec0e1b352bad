/** What the fake daemon answers about shells and other consoles. */
import * as consoles from "../../protocol/methods/consoles.ts";
import * as shells from "../../protocol/methods/shells.ts";
import type { FakeClient } from "./fake-client.test-support.ts";
import { consolesOf } from "./sample-consoles.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";
import { shellOf } from "./sample-shells.test-support.ts";

export function answerShells(answer: FakeClient["answer"], options: SampleOptions): void {
	answer(shells.list, () => ({ items: [shellOf(1, options)] }));
	answer(shells.resize, () => ({}));
	answer(shells.write, () => ({}));
	answer(shells.close, () => ({}));
	answer(consoles.list, () => ({ items: consolesOf(options), total: 2 }));
	answer(consoles.show, () => ({ id: 1 }));
}
