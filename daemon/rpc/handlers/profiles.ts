/** Handlers of the profiles area. */
import { AppError } from "../../../protocol/errors.ts";
import type { ProfileOptions } from "../../../protocol/model/profile.ts";
import { readResolver } from "../../maps/request.ts";
import { checkWindow } from "../../runs/window.ts";
import { scanPorts, scanUdpPorts } from "../../scan/profile.ts";
import {
	addProfile,
	addVersion,
	deleteProfile,
	findProfile,
	getProfile,
	listProfiles,
	listVersions,
} from "../../store/settings-profiles.ts";
import { updateAudited } from "../audit-trail.ts";
import type { AreaHandlers, CallContext } from "../handler.ts";
import type { Services } from "../services.ts";

/** More ports than this make finding out who is there the longest part of a scan. */
const mostDiscoveryPorts = 100;

export function profilesHandlers(services: Services): AreaHandlers<"profiles"> {
	const { settings, store } = services;
	const aboutOf = (verb: string, name: string, { user }: CallContext) => ({
		...{ who: user, action: `profile.${verb}`, object: `profile ${name}` },
	});
	const change = ({ user }: CallContext) => ({ at: new Date(store.clock.now()).toISOString(), by: user });
	return {
		list: () => {
			const items = listProfiles(settings.data);
			return { items, total: items.length };
		},
		get: ({ name, version }) => {
			const profile = getProfile(settings.data, name, version);
			return { profile, versions: listVersions(settings.data, profile.name) };
		},
		clone: async ({ from, name, options: wanted }, context) => {
			const source = getProfile(settings.data, from);
			const options = wanted === undefined ? source.options : checkOptions(wanted);
			await updateAudited(
				services,
				(data) => addProfile(data, name, options, change(context)),
				() => ({ ...aboutOf("clone", name, context), after: { from: source.name, options } }),
			);
			return getProfile(settings.data, name);
		},
		edit: async ({ name, version, options }, context) => {
			const checked = checkOptions(options);
			const before = findProfile(settings.data, name)?.options;
			await updateAudited(
				services,
				(data) => addVersion(data, name, version, checked, change(context)),
				() => ({ ...aboutOf("edit", name, context), before, after: checked }),
			);
			return getProfile(settings.data, name);
		},
		remove: async ({ name }, context) => {
			const deleted = findProfile(settings.data, name)?.name ?? name;
			const before = findProfile(settings.data, name)?.options;
			await updateAudited(
				services,
				(data) => void deleteProfile(data, name),
				() => ({ ...aboutOf("delete", deleted, context), before }),
			);
			return { deleted };
		},
	};
}

/** What a schema cannot say: port lists are port lists, and somebody can be found. Returns them without stray blanks. */
function checkOptions(options: ProfileOptions): ProfileOptions {
	if (options.window !== undefined) checkWindow(options.window);
	const additional = options.ports.additional.trim();
	const udpAdditional = options.udp.additional.trim();
	if (additional !== "") checkPorts("ports.additional", additional);
	if (udpAdditional !== "") checkPorts("udp.additional", udpAdditional, scanUdpPorts);
	return {
		...options,
		ports: { ...options.ports, additional },
		udp: { ...options.udp, additional: udpAdditional },
		discovery: checkDiscovery(options.discovery),
		maps: { ...options.maps, resolver: checkResolver(options.maps.resolver.trim()) },
	};
}

/** Empty stays empty; `machine` stays as it is. */
function checkResolver(text: string): string {
	if (text === "") return text;
	try {
		return readResolver(text) ?? text.toLowerCase();
	} catch (err) {
		if (!(err instanceof AppError)) throw err;
		throw new AppError(err.code, `maps.resolver: ${err.message}`, { hint: err.hint, details: err.details });
	}
}

function checkDiscovery(discovery: ProfileOptions["discovery"]): ProfileOptions["discovery"] {
	const [ports, udpPorts, ackPorts] = (["ports", "udpPorts", "ackPorts"] as const).map((name) => {
		const text = discovery[name].trim();
		const count = text === "" ? 0 : checkPorts(`discovery.${name}`, text);
		if (count <= mostDiscoveryPorts) return text;
		throw new AppError("invalid", `discovery.${name}: ${count} ports are too many to ask of every address.`, {
			hint: `Name at most ${mostDiscoveryPorts}, or set discovery.scanDeadHosts to ask every address for all its ports.`,
		});
	}) as [string, string, string];
	// ARP and ACKs are not counted on: they need a privilege, and ARP a target on the local link.
	if (ports === "" && udpPorts === "" && !discovery.icmp && !discovery.scanDeadHosts) {
		throw new AppError("invalid", "discovery.ports is empty, and so is all else, so no host would ever be found.", {
			hint: "Name ports, set discovery.icmp to true, or set discovery.scanDeadHosts to true.",
		});
	}
	return { ...discovery, ports, udpPorts, ackPorts };
}

function checkPorts(field: string, text: string, parse = scanPorts): number {
	try {
		return parse(text).length;
	} catch (err) {
		if (!(err instanceof AppError)) throw err;
		throw new AppError(err.code, `${field}: ${err.message}`, { hint: err.hint, details: { ...err.details, field } });
	}
}
