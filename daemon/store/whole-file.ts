/** Writes a small file so that a reader, also after a power cut, finds the old one or the new one. */
import { chmodSync, closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../../protocol/errors.ts";

/** Whole or not at all, also when the power goes. Throws `unavailable` when it cannot be. */
export function writeWhole(path: string, bytes: Buffer, mode: number): void {
	try {
		replaceWhole(path, bytes, mode);
	} catch (cause) {
		const { code } = cause as NodeJS.ErrnoException;
		throw new AppError("unavailable", `${path} cannot be written (${code ?? "unknown"}): nothing was changed.`, {
			hint: "Make room on the disk, or check the permissions of the folder.",
			cause,
		});
	}
}

function replaceWhole(path: string, bytes: Buffer, mode: number): void {
	const next = `${path}.next-${process.pid}`;
	const fd = openSync(next, "w", mode);
	try {
		writeSync(fd, bytes);
		fsyncSync(fd);
	} finally {
		closeSync(fd);
	}
	chmodSync(next, mode);
	renameSync(next, path);
	const folder = openSync(dirname(path), "r");
	try {
		fsyncSync(folder);
	} finally {
		closeSync(folder);
	}
}
