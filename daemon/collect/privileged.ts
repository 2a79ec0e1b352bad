/** The commands that collectors run as root, for sudoers(5). */
import { collectors } from "./index.ts";

/** Each once, in order. */
export function privilegedOf(): string[] {
	return [...new Set(collectors.flatMap(({ privileged }) => privileged))];
}

/** A drop-in for /etc/sudoers.d that allows one account these commands and nothing else. `user` is a name of sudoers(5). */
export function sudoersFor(user: string): string {
	const name = user.replace(/[^A-Za-z0-9_.$-]/g, (one) => `\\${one}`);
	const commands = privilegedOf().map((command) => command.replace(/[:=,\\]/g, (one) => `\\${one}`));
	return [
		"# What Vedette runs as root on this host. Check with: visudo -cf FILE",
		`Cmnd_Alias VEDETTE = \\`,
		`${commands.map((command) => `    ${command}`).join(", \\\n")}`,
		`Defaults:${name} !requiretty`,
		`${name} ALL=(root) NOPASSWD: VEDETTE`,
		"",
	].join("\n");
}
