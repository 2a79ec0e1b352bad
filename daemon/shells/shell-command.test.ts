import fc from "fast-check";
import { expect, test } from "vitest";
import { shellCommand } from "./shell-command.ts";

test("an address is only ever a host, and no key leads to a shell of this machine", () => {
	fc.assert(
		fc.property(fc.string(), fc.option(fc.string()), (address, user) => {
			const [program, args] = shellCommand({ address, port: 22, user, sshConfig: null });
			expect(program).toBe("ssh");
			expect(args.slice(-2)).toEqual(["--", address]);
			expect(args.slice(0, 4)).toEqual(["-e", "none", "-o", "PermitLocalCommand=no"]);
			if (user !== null) expect(args[args.indexOf("-l") + 1]).toBe(user);
		}),
	);
});

test("another ssh_config is read when the daemon was told so", () => {
	const [, args] = shellCommand({ address: "192.0.2.7", port: 2222, user: "ana", sshConfig: "/etc/vedette/ssh" });
	expect(args.slice(0, 2)).toEqual(["-F", "/etc/vedette/ssh"]);
	expect(args.slice(-6)).toEqual(["-p", "2222", "-l", "ana", "--", "192.0.2.7"]);
});
