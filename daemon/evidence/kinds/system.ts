/** What a host says of itself once logged in: its distribution, its kernels, what machine it is. */
import { z } from "zod";

export const system = z.object({
	os: z
		.object({
			id: z.string().describe("os-release ID, lower case: debian, ubuntu, rhel, alpine, sles, …"),
			like: z.array(z.string()).describe("os-release ID_LIKE"),
			version: z.string().nullable().describe("VERSION_ID"),
			codename: z.string().nullable(),
			name: z.string().describe("PRETTY_NAME"),
			/** CPE 2.2 or 2.3, as the distribution writes it. */
			cpe: z.string().nullable(),
		})
		.nullable()
		.describe("os-release(5)"),
	hostname: z.string().nullable(),
	fqdn: z.string().nullable(),
	architecture: z.string().nullable().describe("uname -m"),
	kernel: z
		.object({
			running: z.string().describe("uname -r"),
			build: z.string().nullable().describe("uname -v; Debian and Ubuntu name the package's version there"),
			installed: z.array(z.string()).describe("versions under /lib/modules"),
		})
		.nullable(),
	bootedAt: z.number().nullable().describe("milliseconds since the epoch"),
	virtualization: z.string().nullable().describe("systemd-detect-virt; `none` on hardware"),
	machineId: z.string().nullable().describe("machine-id(5), 32 hexadecimal digits"),
	/** SMBIOS; the UUID needs root. */
	dmi: z.object({
		uuid: z.string().nullable(),
		serial: z.string().nullable(),
		vendor: z.string().nullable(),
		product: z.string().nullable(),
	}),
	cloud: z.object({ provider: z.string(), instanceId: z.string().nullable() }).nullable().describe("cloud-init's word"),
	repositories: z
		.array(z.string())
		.nullable()
		.optional()
		.describe("ids of the package repositories that are switched on (dnf, yum, zypper); null or missing: not told"),
	timeSync: z.boolean().nullable().describe("the clock is kept by NTP; null when nobody says"),
});
