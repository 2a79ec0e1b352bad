/** Opens files that callers name: what else may lie under such a name (a FIFO, a device) holds nobody up. */
import { closeSync, constants, fstatSync, openSync, statSync } from "node:fs";

/**
 * A descriptor to read from, which the caller closes; null for what is no regular file. Links are followed: who may name a
 * link may name where it leads. What is opened is looked at, not what was there before. Throws as `openSync` does.
 */
export function openRegular(path: string): number | null {
	// Opening a device can do something already.
	if (!statSync(path).isFile()) return null;
	const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
	if (fstatSync(fd).isFile()) return fd;
	closeSync(fd);
	return null;
}
