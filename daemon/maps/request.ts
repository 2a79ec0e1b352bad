/** Turns a request for maps into what each map will do: netblock, ports, name server. Sends nothing but name look-ups of exclusions. */
import { AppError } from "../../protocol/errors.ts";
import { type NetworkMap, netblockSizes, noDomain, type TraceChoice } from "../../protocol/model/map.ts";
import { standardDiscoveryPorts } from "../../protocol/model/profile.ts";
import type { ScanWindow } from "../../protocol/model/scan-window.ts";
import { count } from "../../protocol/plural.ts";
import { groupPrefix, rangeText, readItem, tagPrefix, tagRangesPrefix } from "../../protocol/target/item.ts";
import { checkWindow, noWindow } from "../runs/window.ts";
import type { PlanningContext } from "../scan/request.ts";
import { formatAddress, parseAddress } from "../scope/address.ts";
import type { AddressSet } from "../scope/address-set.ts";
import { parsePorts } from "../scope/ports.ts";
import { Scope } from "../scope/scope.ts";
import { neverTargets } from "../scope/special.ts";
import { meaningOf, parseExclusions, splitTargets } from "../scope/targets.ts";
import type { NewMap } from "../store/maps.ts";
import { type MapTarget, netblockOf, parseDomain, parseMapTargets } from "./targets.ts";

export interface MapsRequest {
	readonly targets: readonly string[];
	readonly exclusions: readonly string[];
	readonly profile: string;
	readonly title?: string | undefined;
	readonly tcpPorts?: string | undefined;
	readonly udpPorts?: string | undefined;
	readonly dns: boolean;
	readonly resolver?: string | undefined;
	readonly netblockSize: number;
	readonly trace?: TraceChoice | undefined;
	readonly window?: ScanWindow | undefined;
	readonly ignoreWindow?: boolean;
}

/** Asks for the name servers this machine uses, whatever is kept. */
const machine = "machine";
const mostTcpPorts = 100;
const mostUdpPorts = 20;

/** One map for each domain named, with the profile's discovery ports unless others are asked for. Throws `invalid`, `too-large` or `out-of-scope`; then there is none. */
export async function planMaps(
	request: MapsRequest,
	context: PlanningContext,
	storedNetblock: (domain: string) => readonly string[],
): Promise<NewMap[]> {
	const profile = context.profileOf(request.profile, null);
	if (profile === null) {
		throw new AppError("invalid", `There is no option profile "${request.profile}".`, {
			hint: `There is: ${context.profileNames().join(", ")}.`,
		});
	}
	const resolver = readResolver(request.resolver ?? (profile.maps?.resolver || context.mapResolver?.() || machine));
	const window = checkWindow(request.window ?? profile.window ?? noWindow);
	const trace = request.trace ?? profile.maps?.trace ?? "sample";
	const own = profile.discoveryPorts.join();
	const tcpPorts = readPorts(request.tcpPorts ?? (own === "" ? standardDiscoveryPorts.tcp : own), mostTcpPorts, "TCP");
	const ownUdp = profile.discovery.udpPorts.join();
	const udpText = request.udpPorts ?? (ownUdp === "" ? "none" : ownUdp);
	const udpPorts = udpText.trim().toLowerCase() === "none" ? [] : readPorts(udpText, mostUdpPorts, "UDP");
	const maps: NewMap[] = [];
	for (const { domain, netblock: named, title } of targetsOf(request, context)) {
		const netblock = named ?? storedNetblock(domain);
		const addresses = netblockOf({ netblock });
		refuseEmpty(domain, addresses, request.dns);
		refuseTooLarge(domain, addresses, request.netblockSize);
		const common = { exclusions: [...request.exclusions], profile: profile.name, tcpPorts, udpPorts };
		const map = {
			domain,
			netblock: [...netblock],
			...common,
			dns: request.dns,
			resolver,
			trace,
			addresses: addresses.size,
			...{ window, ignoreWindow: request.ignoreWindow === true },
		};
		const scope = await scopeOf(map, context);
		if (addresses.size > 0 && scope.addresses.size === 0) {
			throw new AppError("out-of-scope", `Every address of ${domain} is excluded, so there is nothing to map.`, {
				hint: "Take it out of the exclusions first, or name another netblock.",
			});
		}
		maps.push({ title: request.title ?? title ?? titleOf(domain, named), ...map });
	}
	return maps;
}

/** Of a tag one map of its addresses, of an asset group one map of its addresses and one of each of its domains; the rest as `parseMapTargets` reads it. */
function targetsOf(
	{ targets: texts, netblockSize }: Pick<MapsRequest, "targets" | "netblockSize">,
	context: Pick<PlanningContext, "group" | "tag">,
): (MapTarget & { readonly title?: string })[] {
	const isNamed = (text: string) =>
		[groupPrefix, tagPrefix, tagRangesPrefix].some((one) => text.trimStart().toLowerCase().startsWith(one));
	const plain = texts.filter((text) => !isNamed(text));
	const found: (MapTarget & { readonly title?: string })[] = plain.length > 0 ? parseMapTargets(plain) : [];
	for (const text of texts.filter(isNamed).flatMap(splitTargets)) {
		const item = readItem(text);
		if (item.kind !== "group" && item.kind !== "tag") {
			found.push(...parseMapTargets([text]));
			continue;
		}
		const { title, addresses, domains = [] } = meaningOf(item, context);
		refuseTooLarge(title, addresses, netblockSize);
		if (addresses.size > 0)
			found.push({ domain: noDomain, netblock: Array.from(addresses.blocks(), rangeText), title });
		found.push(
			...domains.map((domain) => ({ domain: parseDomain(domain), netblock: null, title: `${domain} of ${title}` })),
		);
		if (addresses.size > 0 || domains.length > 0) continue;
		throw new AppError("invalid", `${title} has no addresses and no domains to map.`, {
			hint: "Scan it: a map does not look at single host names.",
		});
	}
	return found;
}

/** What a map may send to as exclusions stand now. Throws `invalid` when an excluded name does not resolve. */
export async function scopeOf(
	map: Pick<NetworkMap, "netblock" | "exclusions">,
	context: Pick<PlanningContext, "resolve" | "globalExclusions">,
): Promise<Scope> {
	const own = await parseExclusions(map.exclusions, context);
	const exclusions = own.union(await context.globalExclusions());
	return new Scope(netblockOf(map), exclusions);
}

/** Throws `too-large` when a netblock has more addresses than are allowed for it. */
export function refuseTooLarge(domain: string, addresses: AddressSet, limit: number): void {
	if (addresses.size <= limit) return;
	const next = netblockSizes.find((size) => size >= addresses.size);
	const most = netblockSizes.at(-1) ?? 0;
	throw new AppError(
		"too-large",
		`The netblock of ${domain} has ${count(addresses.size)} addresses; ${count(limit)} are allowed.`,
		{
			hint:
				next === undefined
					? `Nothing was sent. One map takes at most ${count(most)}, a /16: map it in parts.`
					: `Nothing was sent. Narrow it, or allow a netblock of ${next} addresses (--netblock-size ${next}).`,
		},
	);
}

/** Null for `machine`. Throws `invalid`. */
export function readResolver(text: string): string | null {
	return text.trim().toLowerCase() === machine ? null : parseResolver(text);
}

/** `127.0.0.1`, `127.0.0.1:5353`, `::1` or `[::1]:5353`, in canonical form. Throws `invalid`. */
function parseResolver(text: string): string {
	const [, bracketed, plain, portText] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(text.trim()) ?? [];
	const address = parseAddress(bracketed ?? plain ?? text.trim());
	const port = Number(portText ?? 53);
	if (address === null || neverTargets.has(address) || port < 1 || port > 65_535) {
		throw new AppError("invalid", `${JSON.stringify(text.slice(0, 60))} is not the address of a name server.`, {
			hint: "Write an address, or an address and a port: 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353. Or write machine, for those this machine uses.",
		});
	}
	const written = formatAddress(address);
	return address.family === 4 ? `${written}:${port}` : `[${written}]:${port}`;
}

function refuseEmpty(domain: string, addresses: AddressSet, dns: boolean): void {
	if (addresses.size > 0) return;
	if (domain === noDomain) {
		throw new AppError("invalid", "There is no netblock: `none` has no names to look up.", {
			hint: 'Write "none:[192.0.2.0/24]", or keep a netblock for it with: vedette map domain none "192.0.2.0/24"',
		});
	}
	if (!dns) {
		throw new AppError("invalid", `Without DNS traffic there is nothing to do for ${domain}: it has no netblock.`, {
			hint: `Write "${domain}:[192.0.2.0/24]", or allow DNS traffic.`,
		});
	}
}

function readPorts(text: string, most: number, what: string): number[] {
	const ports = parsePorts(text);
	if (ports.length <= most) return ports;
	throw new AppError("invalid", `${ports.length} ${what} ports are too many to find hosts by; the most is ${most}.`, {
		hint: "A map asks whether somebody is there. To learn which ports are open, scan what it found.",
	});
}

function titleOf(domain: string, named: readonly string[] | null): string {
	if (named === null) return domain;
	const first = named.slice(0, 3).join(", ");
	return `${domain}:[${named.length > 3 ? `${first} and ${named.length - 3} more` : first}]`;
}
