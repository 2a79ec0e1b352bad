import { expect, test } from "vitest";
import type { IdentifierKind } from "../store/identifiers.ts";
import { mayIdentify } from "./never.ts";

const cases: [IdentifierKind, string, boolean][] = [
	["dmi-uuid", "4c4c4544-0042-3510-8054-b4c04f564433", true],
	["dmi-uuid", "00000000-0000-0000-0000-000000000000", false],
	["dmi-uuid", "ffffffff-ffff-ffff-ffff-ffffffffffff", false],
	["dmi-uuid", "fefefefe-fefe-fefe-fefe-fefefefefefe", false],
	["dmi-uuid", "03000200-0400-0500-0006-000700080009", false],
	["dmi-uuid", "Default string", false],
	["host-id", "", false],
	["machine-id", "5f2e9c0d4b7a4e1c8d3f6a9b0c1d2e3f", true],
	["machine-id", "", false],
	["machine-id", "00000000000000000000000000000000", false],
	["machine-id", "uninitialized", false],
	["cloud-instance", "aws i-0abc1234def567890", true],
	["cloud-instance", "nocloud iid-datasource-none", false],
	["cloud-instance", "nocloud iid-local01", false],
	["ssh-host-key", "SHA256:F9KYIspH9Bhy0ohvvWPEgP5HeCUIeZZ5pA+8Xu2Eky8", false],
	["ssh-host-key", "SHA256:7xq1Zl0Hq8uE2s9cVbN3mK5tR6yW4pA1dF0gJ8hL2zQ", true],
	["mac", "00:1b:21:aa:bb:cc", true],
	["mac", "00:50:56:9a:bb:cc", true],
	["mac", "52:54:00:12:34:56", false],
	["mac", "02:42:ac:11:00:02", false],
	["mac", "01:00:5e:00:00:01", false],
	["mac", "00:00:5e:00:01:0a", false],
	["mac", "00:00:0c:07:ac:01", false],
	["mac", "00:00:0c:9f:f0:01", false],
	["mac", "00:07:b4:00:01:02", false],
	["mac", "00:50:56:c0:00:08", false],
	["mac", "00:00:00:00:00:00", false],
	["mac", "ff:ff:ff:ff:ff:ff", false],
	["mac", "00:1b:21:aa:bb", false],
	["name", "web1.example.org", true],
	["name", "web1", true],
	["name", "localhost.localdomain", false],
	["name", "ubuntu", false],
	["name", "ubuntu.example.org", true],
	["name", "raspberrypi.local", false],
	["netbios", "FILES", true],
	["netbios", "WORKGROUP", false],
];

test.each(cases)("%s %s: %s", (kind, value, may) => {
	expect(mayIdentify(kind, value)).toBe(may);
});
