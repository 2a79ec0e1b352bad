/** `doctor` where no daemon runs: the same checks made in the process of the command line, which only reads. */
import { resolveHome } from "../protocol/home.ts";
import type { DoctorReport } from "../protocol/model/doctor.ts";
import { systemClock } from "./clock.ts";
import { examine } from "./doctor/examine.ts";
import { openKnowledge } from "./knowledge/open.ts";
import { chooseEngine, readEngineWish } from "./packets/raw-choice.ts";

/** Rejects with an AppError for an environment that names no home or an engine there is not. */
export async function examineLocally(env: NodeJS.ProcessEnv): Promise<DoctorReport> {
	const { engine, reason, hint } = chooseEngine({ wish: readEngineWish(env) });
	try {
		return await examine({
			...{ home: resolveHome(env), env, engine: { name: engine.name, reason, hint } },
			knowledge: openKnowledge().status(),
			running: false,
			newest: null,
			now: systemClock.now(),
		});
	} finally {
		await engine.close();
	}
}
