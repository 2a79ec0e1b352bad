/** The ports of one host in nmap's XML: which are open and what answers there, and which were proved closed. Pure. */
import type { Transport } from "../../protocol/model/transport.ts";
import type { PortCoverage } from "../evidence/coverage.ts";
import type { DataOf } from "../evidence/record.ts";
import { childOf, childrenOf, type XmlElement } from "../xml/element.ts";
import { hostKeysOf, scriptsOf } from "./nmap-scripts.ts";
import { longestText } from "./scan-file.ts";

/** `services` of nmap's scaninfo, as `1-1024,8080`; null: the protocol was not scanned. */
export interface AskedPorts {
	tcp: string | null;
	udp: string | null;
}

export interface ReadPorts {
	readonly list: DataOf<"ports">;
	/** One for each open port of which more is told. */
	readonly details: readonly { readonly port: number; readonly protocol: Transport; readonly data: DataOf<"nmap"> }[];
	readonly covered: PortCoverage[];
	readonly closedTcp: [from: number, to: number][];
}

const mostCpes = 20;
/** What a host itself answers for a port that nobody listens on. */
const proofs = /^(?:reset|resets|conn-refused|port-unreach|port-unreaches)$/;

export function portsOf(host: XmlElement, asked: AskedPorts, version: string | null): ReadPorts {
	const groups = childrenOf(host, "ports");
	const ports = groups.flatMap((group) => childrenOf(group, "port")).flatMap(portOf);
	const open = ports.filter(({ state }) => state === "open");
	const closed = ports.filter(({ state, reason }) => state === "closed" && proofs.test(reason));
	const extra = groups.flatMap((group) => childrenOf(group, "extraports"));
	const details = open.flatMap(({ port, protocol, element }) => {
		const data = detailsOf(element, version);
		return data === null ? [] : [{ port, protocol, data }];
	});
	const told = new Set(details.map(({ port, protocol }) => `${port}/${protocol}`));
	const listed = new Set(ports.filter(({ protocol }) => protocol === "tcp").map(({ port }) => port));
	return {
		list: {
			open: open.map(({ port, protocol, element }) => ({ port, protocol, ...answering(element) })),
			probed: countOf(asked.tcp) + countOf(asked.udp),
			closed: closed.length + sumOf(extra, "closed"),
			filtered: ports.filter(({ state }) => state === "filtered").length + sumOf(extra, "filtered"),
		},
		details,
		covered: [
			...open.map(({ port, protocol }) => {
				const kinds: PortCoverage["kinds"] = told.has(`${port}/${protocol}`) ? ["nmap"] : [];
				return { port, protocol, outcome: "unknown" as const, kinds, failed: [] };
			}),
			...closed.map(({ port, protocol }) => ({ port, protocol, outcome: "closed" as const, kinds: [], failed: [] })),
		],
		closedTcp: closedRanges(extra, asked, listed),
	};
}

interface ReadPort {
	readonly port: number;
	readonly protocol: Transport;
	readonly state: string;
	readonly reason: string;
	readonly element: XmlElement;
}

function portOf(element: XmlElement): ReadPort[] {
	const protocol = element.attributes.get("protocol");
	const port = portNumber(element.attributes.get("portid") ?? "");
	if ((protocol !== "tcp" && protocol !== "udp") || port === null) return [];
	const state = childOf(element, "state")?.attributes;
	return [{ port, protocol, state: state?.get("state") ?? "", reason: state?.get("reason") ?? "", element }];
}

function portNumber(text: string): number | null {
	const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
	return port >= 1 && port <= 65_535 ? port : null;
}

type Answering = Omit<DataOf<"ports">["open"][number], "port" | "protocol">;

/** What nmap takes from the port's number alone is no word of the service's. */
function answering(port: XmlElement): Answering {
	const service = childOf(port, "service")?.attributes;
	const isProbed = service?.get("method") === "probed";
	return {
		service: (isProbed ? service?.get("name")?.slice(0, longestText) : null) ?? null,
		product: service?.get("product")?.slice(0, longestText) ?? null,
		version: service?.get("version")?.slice(0, longestText) ?? null,
		tls: service?.get("tunnel") === "ssl",
	};
}

/** Null where there is nothing but the port. */
function detailsOf(port: XmlElement, version: string | null): DataOf<"nmap"> | null {
	const service = childOf(port, "service");
	const scripts = scriptsOf(port);
	if (service === undefined && scripts.length === 0) return null;
	const word = (name: string) => service?.attributes.get(name)?.slice(0, longestText) ?? null;
	const cpes = service === undefined ? [] : childrenOf(service, "cpe").map(({ text }) => text.trim().slice(0, 300));
	return {
		...{ version, arguments: null, scripts, hostKeys: hostKeysOf(port), host: null },
		service:
			service === undefined
				? null
				: {
						...{ name: word("name"), product: word("product"), version: word("version") },
						...{ info: word("extrainfo"), method: word("method"), cpes: cpes.slice(0, mostCpes) },
					},
	};
}

/**
 * Of ports that are not listed one by one, those that were proved closed: where nmap says which, these; else all that were
 * asked and are not listed, if every one of them refused.
 */
function closedRanges(
	extra: readonly XmlElement[],
	asked: AskedPorts,
	listed: ReadonlySet<number>,
): [from: number, to: number][] {
	const reasons = extra.flatMap((one) =>
		childrenOf(one, "extrareasons").map(({ attributes }) => ({ state: one.attributes.get("state"), attributes })),
	);
	const named = reasons.filter(({ attributes }) => attributes.has("ports"));
	if (named.length > 0) {
		const closed = named.filter(
			({ state, attributes: told }) =>
				state === "closed" && told.get("proto") === "tcp" && proofs.test(told.get("reason") ?? ""),
		);
		return rangesOf(closed.map(({ attributes }) => attributes.get("ports") ?? "").join(","));
	}
	const allRefused =
		reasons.length > 0 && reasons.every(({ attributes }) => proofs.test(attributes.get("reason") ?? ""));
	const isClosed = extra.length > 0 && extra.every(({ attributes }) => attributes.get("state") === "closed");
	if (!isClosed || !allRefused || asked.udp !== null || asked.tcp === null) return [];
	return without(rangesOf(asked.tcp), listed);
}

/** `1-1024,8080` ascending and without overlaps; what is no range is left out. */
export function rangesOf(text: string): [from: number, to: number][] {
	const ranges = text.split(",").flatMap((part): [number, number][] => {
		const [, first = "", last = first] = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part) ?? [];
		const [from, to] = [Number(first), Number(last)];
		return first !== "" && from >= 1 && from <= to && to <= 65_535 ? [[from, to]] : [];
	});
	const joined: [number, number][] = [];
	for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
		const before = joined.at(-1);
		if (before !== undefined && from <= before[1] + 1) before[1] = Math.max(before[1], to);
		else joined.push([from, to]);
	}
	return joined;
}

function without(ranges: readonly [number, number][], ports: ReadonlySet<number>): [number, number][] {
	const cuts = [...ports].sort((a, b) => a - b);
	return ranges.flatMap(([from, to]) => {
		const parts: [number, number][] = [];
		let next = from;
		for (const cut of cuts) {
			if (cut < next || cut > to) continue;
			if (cut > next) parts.push([next, cut - 1]);
			next = cut + 1;
		}
		if (next <= to) parts.push([next, to]);
		return parts;
	});
}

function countOf(services: string | null): number {
	return services === null ? 0 : rangesOf(services).reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

function sumOf(extra: readonly XmlElement[], state: string): number {
	const counts = extra.filter(({ attributes }) => attributes.get("state") === state);
	return counts.reduce((sum, { attributes }) => {
		const count = Number(attributes.get("count"));
		return sum + (Number.isSafeInteger(count) && count > 0 && count <= 131_072 ? count : 0);
	}, 0);
}
