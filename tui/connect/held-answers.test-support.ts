/** A daemon that takes its time: the answers of one method come only when they are let go. */
import type { Method } from "../../protocol/define.ts";
import type { FakeClient } from "./fake-client.test-support.ts";

export interface HeldAnswers {
	/** From now on they wait. */
	hold(): void;
	/** All that wait come, and so do those asked for after it. */
	letGo(): void;
	/** How many have been asked for since they wait. */
	asked(): number;
}

export function holdAnswers(client: FakeClient, method: Method): HeldAnswers {
	let gate: Promise<void> | undefined;
	let asked = 0;
	let letGo: () => void = () => undefined;
	const { call } = client;
	client.call = async (one, params, options) => {
		if (one.name === method.name) {
			asked++;
			await gate;
		}
		return call(one, params, options);
	};
	return {
		hold() {
			asked = 0;
			gate = new Promise((resolve) => {
				letGo = resolve;
			});
		},
		letGo: () => letGo(),
		asked: () => asked,
	};
}
