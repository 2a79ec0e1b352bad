/** The one command a shell pane ever runs: ssh to an asset, with every way to a shell of this machine shut. */

export interface ShellPlace {
	readonly address: string;
	readonly port: number;
	/** Null: what ssh's configuration says. */
	readonly user: string | null;
	/** Another ssh_config(5) than the user's own. */
	readonly sshConfig: string | null;
}

/** Program and arguments. Nothing of it passes through a shell. */
export function shellCommand({ address, port, user, sshConfig }: ShellPlace): [program: string, args: string[]] {
	return [
		"ssh",
		[
			...(sshConfig === null ? [] : ["-F", sshConfig]),
			// `~!` and `~C` would lead to a shell or to forwardings here; LocalCommand is one.
			...["-e", "none", "-o", "PermitLocalCommand=no", "-o", "ClearAllForwardings=yes"],
			...["-o", "ServerAliveInterval=30", "-tt", "-p", String(port)],
			...(user === null ? [] : ["-l", user]),
			...["--", address],
		],
	];
}
