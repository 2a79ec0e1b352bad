import fc from "fast-check";
import { expect, test } from "vitest";
import { splitSoftware } from "./software.ts";

test.each([
	["OpenSSH_9.2p1 Debian-2+deb12u3", "OpenSSH", "9.2p1", "Debian-2+deb12u3"],
	["OpenSSH_8.9p1 Ubuntu-3ubuntu0.10", "OpenSSH", "8.9p1", "Ubuntu-3ubuntu0.10"],
	["OpenSSH_7.4", "OpenSSH", "7.4", null],
	["OpenSSH_5.8p1-hpn13v11", "OpenSSH", "5.8p1", "hpn13v11"],
	["OpenSSH_6.6.1_hpn13v11 FreeBSD-20140420", "OpenSSH", "6.6.1", "hpn13v11 FreeBSD-20140420"],
	["OpenSSH_for_Windows_8.1", "OpenSSH", "8.1", "for Windows"],
	["OpenSSH", "OpenSSH", null, null],
	["dropbear_2022.83", "Dropbear", "2022.83", null],
	["dropbear", "Dropbear", null, null],
	["libssh_0.9.6", "libssh", "0.9.6", null],
	["libssh-0.6.0", "libssh", "0.6.0", null],
	["Cisco-1.25", "Cisco SSH", "1.25", null],
	["RomSShell_4.62", "RomSShell", "4.62", null],
	["APACHE-SSHD-2.9.2", "Apache MINA SSHD", "2.9.2", null],
	["mod_sftp/0.9.9", "ProFTPD mod_sftp", "0.9.9", null],
	["Sun_SSH_1.1.4", "Sun SSH", "1.1.4", null],
	["5.36 FlowSsh: Bitvise SSH Server (WinSSHD) 8.36", "Bitvise SSH Server (WinSSHD)", "8.36", "FlowSsh 5.36"],
	["3.2.9.1 SSH Secure Shell (non-commercial)", "SSH Secure Shell (non-commercial)", "3.2.9.1", null],
	["Mocana SSH 5.3.1", "Mocana SSH", "5.3.1", null],
	["WeOnlyDo 2.2.9 (FIPS)", "WeOnlyDo wodSSHServer", "2.2.9", "(FIPS)"],
	["ROSSSH", "MikroTik RouterOS", null, null],
	["Go", "Go x/crypto/ssh", null, null],
	["tinyssh_noversion", "TinySSH", null, null],
	["", null, null, null],
])("%s", (software, product, version, info) => {
	expect(splitSoftware(software)).toEqual({ product, version, info });
});

test("any text gives an answer, quickly, and no empty words", () => {
	const text = fc.oneof(fc.string({ maxLength: 600 }), fc.string({ unit: fc.constantFrom(..."aV0_-. /:(") }));
	fc.assert(
		fc.property(text, (software) => {
			const { product, info } = splitSoftware(software);
			return product !== "" && info !== "";
		}),
		{ numRuns: 2_000 },
	);
});
