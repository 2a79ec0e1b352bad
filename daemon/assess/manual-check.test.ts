import { expect, test } from "vitest";
import { kinds } from "../evidence/kinds/index.ts";
import type { Kind } from "../evidence/record.ts";
import { manualCheck } from "./manual-check.ts";

const place = { address: "127.0.0.1", port: 443, tls: true, starttls: null, hostname: "a.example" };

test.each(Object.keys(kinds) as Kind[])("%s has a command that needs no quoting care", (kind) => {
	const command = manualCheck(kind, { ...place, hostname: "$(reboot)'\n" });
	expect(command).toContain("127.0.0.1");
	expect(command).not.toContain("reboot");
	expect(command).not.toContain("\n");
});

test("IPv6 is bracketed where a port follows, STARTTLS and the host name are kept", () => {
	expect(manualCheck("tls", { ...place, address: "::1", port: 25, starttls: "smtp" })).toBe(
		"openssl s_client -connect [::1]:25 -servername a.example -starttls smtp </dev/null",
	);
	expect(manualCheck("http", place)).toBe("curl -skiL -H 'Host: a.example' https://127.0.0.1:443/");
	expect(manualCheck("smtp", { ...place, tls: false, port: 25 })).toBe(
		"printf 'EHLO check.invalid\\r\\nQUIT\\r\\n' | nc -w 5 127.0.0.1 25",
	);
});
