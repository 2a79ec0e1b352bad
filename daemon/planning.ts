/** What scans and maps are planned with, over the settings as they stand at each moment. */

import { systemClock } from "./clock.ts";
import { readRules } from "./ghosts/rules.ts";
import type { NamedExclusion } from "./scan/excluded-by.ts";
import { scanProfileOf } from "./scan/profile.ts";
import type { PlanningContext } from "./scan/request.ts";
import { AddressSet } from "./scope/address-set.ts";
import { exclusionSet, taggedNow } from "./scope/exclusion-set.ts";
import { parsePorts } from "./scope/ports.ts";
import { fragilePorts } from "./scope/scope.ts";
import type { TargetSources } from "./scope/targets.ts";
import type { Settings } from "./store/settings.ts";
import { holdingExclusions } from "./store/settings-exclusions.ts";
import { findProfile, listProfiles } from "./store/settings-profiles.ts";

export function planningOf(settings: Settings, sources: TargetSources): PlanningContext {
	return {
		...sources,
		profileOf: (name, version) => {
			const found = findProfile(settings.data, name, version ?? undefined);
			return found === null ? null : scanProfileOf(found);
		},
		profileNames: () => listProfiles(settings.data).map((one) => one.name),
		globalExclusions: () => exclusionSet(holdingExclusions(settings.data, systemClock.now()), sources),
		namedExclusions: () => namedExclusions(settings, sources),
		ghostRules: () => readRules(settings.data.ghostRules),
		fragilePorts: () => {
			const { fragilePorts: further } = settings.data;
			return new Set([...fragilePorts, ...(further === "" ? [] : parsePorts(further))]);
		},
		mapResolver: () => settings.data.mapResolver,
	};
}

function namedExclusions(settings: Settings, sources: TargetSources): NamedExclusion[] {
	return holdingExclusions(settings.data, systemClock.now()).map(({ target, comment, ranges }) => ({
		...{ exclusion: target, from: "global", comment },
		addresses: taggedNow(target, sources) ?? AddressSet.fromText(ranges),
	}));
}
