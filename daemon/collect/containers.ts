/** Containers of docker, podman, nerdctl and containerd, and the kubelet of a Kubernetes node. Environments are not asked for. */
import type { DataOf } from "../evidence/record.ts";
import { defineCollector, type Gap, lineOf, linesOf, partsOf } from "./collector.ts";

type Container = DataOf<"containers">["containers"][number];
type Port = Container["ports"][number];

const mostContainers = 5_000;
/** No character here needs care in sudoers(5). */
const format = "{{.ID}}|{{.Names}}|{{.Image}}|{{.Status}}|{{.Ports}}";

export const containers = defineCollector({
	kind: "containers",
	script: `
for one in docker podman; do command -v $one >/dev/null || continue
if [ $one = docker ] && [ ! -S /var/run/docker.sock ]; then continue; fi
part $one-version; $one --version; part $one-list; $S $one ps -a --no-trunc --format '${format}' && echo whole; done
if command -v ctr >/dev/null && [ -S /run/containerd/containerd.sock ]; then
part containerd-version; ctr --version; part containerd-list; $S ctr -n k8s.io containers list && echo whole
part containerd-running; $S ctr -n k8s.io tasks list; fi
if command -v kubelet >/dev/null || [ -f /var/lib/kubelet/config.yaml ]; then part kubelet; echo node; kubelet --version; fi
part end; echo done
`,
	privileged: [
		`/usr/bin/docker ps -a --no-trunc --format ${format}`,
		`/usr/bin/podman ps -a --no-trunc --format ${format}`,
		"/usr/bin/ctr -n k8s.io containers list",
		"/usr/bin/ctr -n k8s.io tasks list",
	],
	mostBytes: 2 << 20,
	parse({ text, cut }) {
		const parts = partsOf(text);
		const read = ["docker", "podman", "containerd"].flatMap((name) => {
			const list = parts.get(`${name}-list`);
			if (list === undefined) return [];
			const lines = linesOf(list);
			const listed = lines.at(-1) === "whole";
			const version = /(\d+\.\d+[^\s,]*)/.exec(lineOf(parts.get(`${name}-version`)) ?? "")?.[1] ?? null;
			const running = new Set(linesOf(parts.get("containerd-running")).map((line) => line.split(/\s+/)[0] ?? ""));
			const own = lines.flatMap((line) => (name === "containerd" ? ctrLine(line, running) : psLine(name, line)));
			return [{ runtime: { name, version, listed }, own }];
		});
		const node = parts.get("kubelet");
		const found = read.flatMap(({ own }) => own);
		const data = {
			runtimes: read.map(({ runtime }) => runtime),
			containers: found.slice(0, mostContainers),
			kubernetes: node === undefined ? null : { version: /\bv(\d+\.\d+\S*)/.exec(node)?.[1] ?? null },
		};
		const whole = !cut && parts.has("end") && found.length <= mostContainers;
		const closed = data.runtimes.filter(({ listed }) => !listed).map(({ name }) => name);
		// Root's own try may fail too, where nothing runs that would answer.
		const gap: Gap = { why: `${closed.join(" and ")} did not list containers`, root: true };
		return { data, complete: whole && closed.length === 0, gap: closed.length === 0 ? undefined : gap };
	},
});

function psLine(runtime: string, line: string): Container[] {
	const [id = "", name = "", image = "", status = "", ports = ""] = line.split("|");
	if (!/^[0-9a-f]{12,64}$/.test(id)) return [];
	return [{ runtime, id, name, image, running: /^(Up|running)/i.test(status), ports: portsOf(ports) }];
}

/** `CONTAINER IMAGE RUNTIME`. */
function ctrLine(line: string, running: ReadonlySet<string>): Container[] {
	const [id = "", image = "", runtime = ""] = line.trim().split(/\s+/);
	if (!runtime.startsWith("io.containerd.")) return [];
	return [{ runtime: "containerd", id, name: id, image, running: running.has(id), ports: [] }];
}

/** `0.0.0.0:8080->80/tcp, [::]:8080->80/tcp, 10.0.0.1:9000-9001->9000-9001/udp`; ports that are only exposed are not said. */
function portsOf(text: string): Port[] {
	const ports = new Map<string, Port>();
	for (const one of text.split(", ").slice(0, 500)) {
		const [, address = "", from, to, inside, , protocol = ""] =
			/^(.*):(\d{1,5})(?:-(\d{1,5}))?->(\d{1,5})(-\d{1,5})?\/([a-z]+)$/.exec(one.trim()) ?? [];
		if (from === undefined) continue;
		const last = Math.min(Number(to ?? from), Number(from) + 500, 65_535);
		for (let port = Number(from), i = 0; port <= last; port++, i++) {
			const bare = address.replace(/^\[|\]$/g, "");
			const where = ["", "0.0.0.0", "::", ":::"].includes(bare) || bare === "::" ? "*" : bare;
			ports.set(`${where} ${port} ${protocol}`, { address: where, port, protocol, inside: Number(inside) + i });
		}
	}
	return [...ports.values()].slice(0, 1_000);
}
