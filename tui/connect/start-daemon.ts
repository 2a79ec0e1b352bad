/** Starts the daemon of this home in the background. It is this same executable, so its code is loaded only when needed. */
import { resolveHome } from "../../protocol/home.ts";

/** Resolves once it answers; rejects with the daemon's own sentence when it cannot start. */
export async function startDaemon(env: NodeJS.ProcessEnv): Promise<void> {
	const { ensureDaemon } = await import("../../daemon/spawn.ts");
	await ensureDaemon(resolveHome(env), { env });
}
