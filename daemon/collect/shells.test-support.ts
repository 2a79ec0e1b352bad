/** The shells of this machine that scripts for hosts are tried in: what hosts have, as far as it is here. */
import { spawnSync } from "node:child_process";
import { mayUse } from "../../test/support/needing.ts";

/** Commands that read a script from their input with `-s`, or take one with `-c`. */
export const shells = [["sh"], ["bash", "--posix"], ["busybox", "sh"]].filter(([shell = ""]) => isHere(shell));

export function isHere(program: string): boolean {
	return mayUse(program, spawnSync(program, ["--help"]).error === undefined);
}
