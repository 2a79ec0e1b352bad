/** Distribution, kernels and the machine itself. */
import { defineCollector, lineOf, linesOf, partsOf } from "./collector.ts";

export const system = defineCollector({
	kind: "system",
	script: `
part os; cat /etc/os-release || cat /usr/lib/os-release
part hostname; hostname || cat /etc/hostname || uname -n
part fqdn; if grep -q '^ *nameserver' /etc/resolv.conf || grep -qw "$(hostname)" /etc/hosts; then within 3 hostname -f; fi
part machine; uname -m
part running; uname -r
part build; uname -v
part installed; for one in /lib/modules/*/; do [ -d "$one" ] && basename "$one"; done
part uptime; cat /proc/uptime
part now; date +%s
part virtualization; systemd-detect-virt || { [ -f /.dockerenv ] && echo docker; }
part machine-id; cat /etc/machine-id || cat /var/lib/dbus/machine-id
part uuid; $S cat /sys/class/dmi/id/product_uuid
part serial; $S cat /sys/class/dmi/id/product_serial
part vendor; cat /sys/class/dmi/id/sys_vendor
part product; cat /sys/class/dmi/id/product_name
part provider; cat /run/cloud-init/cloud-id
part instance; cat /var/lib/cloud/data/instance-id
part asset-tag; cat /sys/class/dmi/id/board_asset_tag
part chassis; cat /sys/class/dmi/id/chassis_asset_tag
part google; sed -n 's/^instance_id *= *//p' /etc/default/instance_configs.cfg
part repositories; for one in /etc/yum.repos.d/*.repo /etc/zypp/repos.d/*.repo; do [ -r "$one" ] && awk '
function told() { if (id != "" && on) print id; id = "" }
/^ *\\[/ { told(); id = $0; gsub(/^ *\\[|\\].*$/, "", id); on = 1 }
/^ *enabled *=/ { v = $0; sub(/^[^=]*= */, "", v); on = tolower(v) !~ /^(0|no|false|off)/ }
END { told(); print "." }' "$one"; done
part sync; timedatectl show -p NTPSynchronized --value || chronyc -n tracking | grep '^Leap status'
`,
	privileged: ["/usr/bin/cat /sys/class/dmi/id/product_uuid", "/usr/bin/cat /sys/class/dmi/id/product_serial"],
	mostBytes: 262_144,
	parse({ text, cut }) {
		const parts = partsOf(text);
		const running = lineOf(parts.get("running"));
		const data = {
			os: readOsRelease(parts.get("os") ?? ""),
			hostname: lineOf(parts.get("hostname"))?.toLowerCase() ?? null,
			fqdn: qualified(lineOf(parts.get("fqdn"))),
			architecture: lineOf(parts.get("machine")),
			kernel:
				running === null
					? null
					: { running, build: lineOf(parts.get("build")), installed: linesOf(parts.get("installed")).slice(0, 1_000) },
			bootedAt: bootTime(lineOf(parts.get("now")), lineOf(parts.get("uptime"))),
			virtualization: lineOf(parts.get("virtualization")),
			machineId: hex32(lineOf(parts.get("machine-id"))),
			dmi: {
				uuid: uuidOf(lineOf(parts.get("uuid"))),
				serial: told(lineOf(parts.get("serial"))),
				vendor: told(lineOf(parts.get("vendor"))),
				product: told(lineOf(parts.get("product"))),
			},
			cloud: cloudOf(parts),
			repositories: repositoriesOf(parts.get("repositories")),
			timeSync: syncOf(lineOf(parts.get("sync"))),
		};
		const gap = data.os === null ? { why: "no os-release says which system it is" } : undefined;
		return { data, complete: !cut && data.os !== null && data.kernel !== null, gap };
	},
});

/** cloud-init's word; without it, what the machine's firmware and the provider's own agent tell. Nothing is asked over the network. */
function cloudOf(parts: ReadonlyMap<string, string>): { provider: string; instanceId: string | null } | null {
	const provider = lineOf(parts.get("provider"));
	if (provider !== null) return { provider, instanceId: lineOf(parts.get("instance")) };
	const maker = `${lineOf(parts.get("vendor")) ?? ""} ${lineOf(parts.get("product")) ?? ""}`;
	const tag = lineOf(parts.get("asset-tag"));
	if (/Amazon EC2/.test(maker))
		return { provider: "aws", instanceId: tag !== null && /^i-[0-9a-f]{8,17}$/.test(tag) ? tag : null };
	if (/Google/.test(maker)) {
		const id = lineOf(parts.get("google"));
		return { provider: "gce", instanceId: id !== null && /^[0-9]{1,20}$/.test(id) ? id : null };
	}
	// Azure's machines all have this tag; the id of each is its SMBIOS UUID.
	if (lineOf(parts.get("chassis")) !== "7783-7084-3265-9085-8269-3286-77") return null;
	return { provider: "azure", instanceId: uuidOf(lineOf(parts.get("uuid"))) };
}

/** os-release(5): shell assignments, with quotes of either kind. */
function readOsRelease(text: string) {
	const fields = new Map<string, string>();
	for (const line of linesOf(text)) {
		const [, name = "", raw = ""] = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim()) ?? [];
		if (name !== "") fields.set(name, unquote(raw));
	}
	const id = fields.get("ID")?.toLowerCase() ?? "";
	if (id === "") return null;
	return {
		id,
		like: (fields.get("ID_LIKE") ?? "")
			.toLowerCase()
			.split(/\s+/)
			.filter((word) => word !== ""),
		version: fields.get("VERSION_ID") || null,
		codename: fields.get("VERSION_CODENAME") || null,
		name: fields.get("PRETTY_NAME") || id,
		cpe: fields.get("CPE_NAME") || null,
	};
}

/** A line with a dot stands for a file that was read: without one nobody knows. */
function repositoriesOf(text: string | undefined): string[] | null {
	const lines = linesOf(text);
	if (!lines.includes(".")) return null;
	return [...new Set(lines.filter((id) => /^\w[\w.:+-]{0,199}$/.test(id)))].slice(0, 1_000);
}

function unquote(raw: string): string {
	const quoted = /^(["'])(.*)\1$/.exec(raw.trim());
	return (quoted?.[2] ?? raw.trim()).replace(/\\(["'\\$`])/g, "$1");
}

function qualified(name: string | null): string | null {
	return name?.includes(".") === true && !name.startsWith("localhost") ? name.toLowerCase() : null;
}

function bootTime(now: string | null, uptime: string | null): number | null {
	const seconds = Number(uptime?.split(" ")[0]);
	const at = (Number(now) - seconds) * 1_000;
	return now === null || uptime === null || !Number.isFinite(at) || at <= 0 ? null : Math.round(at);
}

function hex32(text: string | null): string | null {
	return text !== null && /^[0-9a-f]{32}$/i.test(text) ? text.toLowerCase() : null;
}

/** An SMBIOS UUID that names nothing (all zeros, all ones, a vendor's placeholder) is none. */
function uuidOf(text: string | null): string | null {
	const uuid = text?.toLowerCase() ?? "";
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) return null;
	return /^(0+|f+)$/.test(uuid.replaceAll("-", "")) || uuid === "03000200-0400-0500-0006-000700080009" ? null : uuid;
}

/** What makers leave in fields they do not fill in. */
const placeholders =
	/^(not (specified|available|applicable)|none|default string|to be filled by o\.?e\.?m\.?|system (serial number|product name|manufacturer)|0+|unknown)$/i;

function told(text: string | null): string | null {
	return text === null || placeholders.test(text) ? null : text;
}

function syncOf(text: string | null): boolean | null {
	if (text === "yes" || text === "no") return text === "yes";
	return text?.startsWith("Leap status") === true ? !text.endsWith("Not synchronised") : null;
}
