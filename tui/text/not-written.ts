/** Why something could not be written, in the words of a person. */

const reasons: Readonly<Record<string, string>> = {
	...{ ENOENT: "its folder is not there", EACCES: "its folder may not be written to", ENOSPC: "the disk is full" },
	...{ EROFS: "its disk is read-only", EISDIR: "it is a folder", ENOTDIR: "part of its path is no folder" },
	...{ ENAMETOOLONG: "its name is too long", EDQUOT: "the quota is used up", EPERM: "the system does not allow it" },
	EIO: "the system met an error",
};

/** What the system said of a file or a stream, to follow "cannot be written: ". */
export function whyNotWritten(err: unknown): string {
	const code = (err as NodeJS.ErrnoException).code ?? "";
	return reasons[code] ?? (code || String(err));
}
