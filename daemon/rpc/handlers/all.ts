/** Every area, one line each: what answers its methods, and what its streams tell. */
import type { Handlers, Streams } from "../handler.ts";
import type { RecipeDesk } from "../recipe-desk.ts";
import type { Services } from "../services.ts";
import { accessHandlers } from "./access.ts";
import { activityHandlers } from "./activity.ts";
import { assetsHandlers, assetsStreams } from "./assets.ts";
import { auditHandlers } from "./audit.ts";
import { consolesHandlers, consolesStreams } from "./consoles.ts";
import { credentialsHandlers } from "./credentials.ts";
import { daemonHandlers, daemonStreams } from "./daemon.ts";
import { dashboardHandlers } from "./dashboard.ts";
import { duplicatesHandlers, duplicatesStreams } from "./duplicates.ts";
import { type ExceptionDesk, exceptionsHandlers, exceptionsStreams } from "./exceptions.ts";
import { exclusionsHandlers } from "./exclusions.ts";
import { exportsHandlers } from "./exports.ts";
import { findingsHandlers, findingsStreams } from "./findings.ts";
import { ghostsHandlers } from "./ghosts.ts";
import { governorHandlers } from "./governor.ts";
import { groupsHandlers } from "./groups.ts";
import { hostkeysHandlers } from "./hostkeys.ts";
import { ignoresHandlers } from "./ignores.ts";
import { importsHandlers } from "./imports.ts";
import { importsStreams } from "./imports-file.ts";
import { knowledgeHandlers } from "./knowledge.ts";
import { listsHandlers } from "./lists.ts";
import { mapsHandlers, mapsStreams } from "./maps.ts";
import { networksHandlers } from "./networks.ts";
import { policyHandlers } from "./policy.ts";
import { type PriorityDesk, prioritiesHandlers } from "./priorities.ts";
import { profilesHandlers } from "./profiles.ts";
import { purgesHandlers } from "./purges.ts";
import { queriesHandlers } from "./queries.ts";
import { recipesHandlers, recipesStreams } from "./recipes.ts";
import { remedyHandlers } from "./remedy.ts";
import { scansHandlers, scansStreams } from "./scans.ts";
import { settingsHandlers } from "./settings.ts";
import { shellsHandlers, shellsStreams } from "./shells.ts";
import { signaturesHandlers } from "./signatures.ts";
import { tagsHandlers } from "./tags.ts";
import { ticketsHandlers } from "./tickets.ts";
import { vhostsHandlers } from "./vhosts.ts";
import { viewsHandlers } from "./views.ts";

/** What the steps of recipes go through, as a client would. */
export function stepHandlers(services: Services) {
	return {
		scans: scansHandlers(services),
		assets: assetsHandlers(services),
		maps: mapsHandlers(services),
		tags: tagsHandlers(services),
	};
}

/** What does the work of an area beyond one call. */
export interface Desks {
	readonly recipes: RecipeDesk;
	readonly exceptions: ExceptionDesk;
	readonly priorities: PriorityDesk;
}

export function allHandlers(services: Services, steps: ReturnType<typeof stepHandlers>, desks: Desks): Handlers {
	const areas = {
		...steps,
		daemon: daemonHandlers(services),
		exports: exportsHandlers(services),
		remedy: remedyHandlers(services),
		findings: findingsHandlers(services),
		signatures: signaturesHandlers(services),
		knowledge: knowledgeHandlers(services),
		imports: importsHandlers(services),
		profiles: profilesHandlers(services),
		exclusions: exclusionsHandlers(services),
		governor: governorHandlers(services),
		ghosts: ghostsHandlers(services),
		access: accessHandlers(services),
		consoles: consolesHandlers(services),
		audit: auditHandlers(services),
		queries: queriesHandlers(services),
		dashboard: dashboardHandlers(services),
		activity: activityHandlers(services),
		groups: groupsHandlers(services),
		vhosts: vhostsHandlers(services),
		networks: networksHandlers(services),
		lists: listsHandlers(services),
		credentials: credentialsHandlers(services),
		hostkeys: hostkeysHandlers(services),
		purges: purgesHandlers(services),
		recipes: recipesHandlers(services, desks.recipes),
		exceptions: exceptionsHandlers(services, desks.exceptions),
		duplicates: duplicatesHandlers(services),
		tickets: ticketsHandlers(services),
		policy: policyHandlers(services),
		ignores: ignoresHandlers(services),
		shells: shellsHandlers(services),
		priorities: prioritiesHandlers(services, desks.priorities),
		views: viewsHandlers(services),
	};
	return { ...areas, settings: settingsHandlers(services, areas) };
}

export function allStreams(services: Services, recipes: RecipeDesk): Streams {
	return {
		daemon: daemonStreams(services),
		consoles: consolesStreams(services),
		scans: scansStreams(services),
		assets: assetsStreams(services),
		findings: findingsStreams(services),
		maps: mapsStreams(services),
		recipes: recipesStreams(services, recipes),
		duplicates: duplicatesStreams(services),
		shells: shellsStreams(services),
		exceptions: exceptionsStreams(services),
		imports: importsStreams(services),
	};
}
