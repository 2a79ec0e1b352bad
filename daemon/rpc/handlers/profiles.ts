/** Handlers of the profiles area. */
import { AppError } from "../../../protocol/errors.ts";
import type { ProfileOptions } from "../../../protocol/model/profile.ts";
import { scanPorts } from "../../scan/profile.ts";
import {
	addProfile,
	addVersion,
	deleteProfile,
	findProfile,
	getProfile,
	listProfiles,
	listVersions,
} from "../../store/settings-profiles.ts";
import type { AreaHandlers, CallContext } from "../handler.ts";
import type { Services } from "../services.ts";

/** More ports than this make finding out who is there the longest part of a scan. */
const mostDiscoveryPorts = 100;

export function profilesHandlers({ settings, store }: Services): AreaHandlers<"profiles"> {
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
			await settings.update((data) => addProfile(data, name, options, change(context)));
			return getProfile(settings.data, name);
		},
		edit: async ({ name, version, options }, context) => {
			const checked = checkOptions(options);
			await settings.update((data) => addVersion(data, name, version, checked, change(context)));
			return getProfile(settings.data, name);
		},
		remove: async ({ name }) => {
			const deleted = findProfile(settings.data, name)?.name ?? name;
			await settings.update((data) => void deleteProfile(data, name));
			return { deleted };
		},
	};
}

/** What a schema cannot say: port lists are port lists, and somebody can be found. Returns them without stray blanks. */
function checkOptions(options: ProfileOptions): ProfileOptions {
	const additional = options.ports.additional.trim();
	const discovery = options.discovery.ports.trim();
	if (additional !== "") checkPorts("ports.additional", additional);
	const count = discovery === "" ? 0 : checkPorts("discovery.ports", discovery);
	if (count > mostDiscoveryPorts) {
		throw new AppError("invalid", `discovery.ports: ${count} ports are too many to ask of every address.`, {
			hint: `Name at most ${mostDiscoveryPorts}, or set discovery.scanDeadHosts to ask every address for all its ports.`,
		});
	}
	if (count === 0 && !options.discovery.scanDeadHosts) {
		throw new AppError("invalid", "discovery.ports is empty, so no host would ever be found.", {
			hint: "Name ports, or set discovery.scanDeadHosts to true.",
		});
	}
	return {
		...options,
		ports: { ...options.ports, additional },
		discovery: { ...options.discovery, ports: discovery },
	};
}

function checkPorts(field: string, text: string): number {
	try {
		return scanPorts(text).length;
	} catch (err) {
		if (!(err instanceof AppError)) throw err;
		throw new AppError(err.code, `${field}: ${err.message}`, { hint: err.hint, details: { ...err.details, field } });
	}
}
