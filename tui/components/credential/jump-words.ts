/** The way to a host as it is typed: `none`, `ssh-config`, or the hosts to go through. Pure. */
import type { MethodParams } from "../../../protocol/define.ts";
import { AppError } from "../../../protocol/errors.ts";
import type * as credentials from "../../../protocol/methods/credentials.ts";
import type { Jump } from "../../../protocol/model/credential.ts";

/** Throws `invalid`. */
export function parseJump(text: string): NonNullable<MethodParams<typeof credentials.create>["jump"]> {
	if (text === "none" || text === "ssh-config") return { kind: text };
	const hosts = text.split(",").map((one) => {
		const [, user, bracketed, plain, port] =
			/^(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:@]+))(?::([0-9]{1,5}))?$/.exec(one.trim()) ?? [];
		const host = bracketed ?? plain;
		if (host === undefined) {
			throw new AppError("invalid", `${JSON.stringify(one)} is no host to go through.`, {
				hint: "Write none, ssh-config, or [user@]host[:port] with commas between several; IPv6 addresses in brackets.",
			});
		}
		const named = { ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port: Number(port) }) };
		return { host, ...named };
	});
	return { kind: "hosts", hosts };
}

/** As `parseJump` reads it; what a host there has of its own besides its user and port is left out. */
export function jumpText(jump: Jump): string {
	if (jump.kind !== "hosts") return jump.kind;
	return jump.hosts
		.map(({ host, port, user }) => {
			const place = host.includes(":") ? `[${host}]` : host;
			return `${user === null ? "" : `${user}@`}${place}${port === 22 ? "" : `:${port}`}`;
		})
		.join(",");
}
