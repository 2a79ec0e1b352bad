/** Starts the daemon of this home in the background. It is this same executable, so its code is loaded only when needed. */
import { AppError } from "../../protocol/errors.ts";
import { resolveHome } from "../../protocol/home.ts";

/** Resolves once it answers; rejects with the daemon's own sentence when it cannot start. */
export async function startDaemon(env: NodeJS.ProcessEnv): Promise<void> {
	const { ensureDaemon } = await import("../../daemon/spawn.ts");
	try {
		await ensureDaemon(resolveHome(env), { env });
	} catch (err) {
		// `unavailable` is for a daemon nobody started; this one was tried, and says why it cannot be.
		if (!(err instanceof AppError) || err.code !== "unavailable") throw err;
		throw new AppError("conflict", err.message, { hint: err.hint, cause: err });
	}
}
