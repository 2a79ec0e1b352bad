/** A private key or a certificate, read from a file of the person at the terminal. */
import { readFileSync, statSync } from "node:fs";
import { AppError } from "../../../protocol/errors.ts";

/** No private key and no certificate is longer. Bytes. */
export const largestFile = 65_536;

/** A small text file of the person at the terminal. Throws `invalid` when it cannot be read. */
export function readKeyText(path: string): string {
	try {
		const { size } = statSync(path);
		if (size <= largestFile) return readFileSync(path, "utf8");
	} catch (cause) {
		const { code } = cause as NodeJS.ErrnoException;
		const why = code === "ENOENT" ? "there is none" : code === "EACCES" ? "you may not read it" : (code ?? "unknown");
		throw new AppError("invalid", `The file ${path} cannot be read: ${why}.`, { hint: "Check the path.", cause });
	}
	throw new AppError("invalid", `The file ${path} is too large to be a key or a certificate.`, {
		hint: "Check the path.",
	});
}
