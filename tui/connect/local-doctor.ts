/** Asks this process itself what `doctor` asks the daemon. The daemon's code is loaded only when no daemon runs. */
import type { DoctorReport } from "../../protocol/model/doctor.ts";

export async function examineHere(env: NodeJS.ProcessEnv): Promise<DoctorReport> {
	const { examineLocally } = await import("../../daemon/local-doctor.ts");
	return examineLocally(env);
}
