/** Every area, one line each. Names, handlers, client, help and documents derive from this list. */
import * as access from "./access.ts";
import * as activity from "./activity.ts";
import * as assets from "./assets.ts";
import * as audit from "./audit.ts";
import * as consoles from "./consoles.ts";
import * as credentials from "./credentials.ts";
import * as daemon from "./daemon.ts";
import * as dashboard from "./dashboard.ts";
import * as duplicates from "./duplicates.ts";
import * as exceptions from "./exceptions.ts";
import * as exclusions from "./exclusions.ts";
import * as exports from "./exports.ts";
import * as findings from "./findings.ts";
import * as ghosts from "./ghosts.ts";
import * as governor from "./governor.ts";
import * as groups from "./groups.ts";
import * as hostkeys from "./hostkeys.ts";
import * as ignores from "./ignores.ts";
import * as imports from "./imports.ts";
import * as knowledge from "./knowledge.ts";
import * as lists from "./lists.ts";
import * as maps from "./maps.ts";
import * as networks from "./networks.ts";
import * as policy from "./policy.ts";
import * as priorities from "./priorities.ts";
import * as profiles from "./profiles.ts";
import * as purges from "./purges.ts";
import * as queries from "./queries.ts";
import * as recipes from "./recipes.ts";
import * as remedy from "./remedy.ts";
import * as scans from "./scans.ts";
import * as settings from "./settings.ts";
import * as shells from "./shells.ts";
import * as signatures from "./signatures.ts";
import * as tags from "./tags.ts";
import * as tickets from "./tickets.ts";
import * as vhosts from "./vhosts.ts";
import * as views from "./views.ts";

export const areas = {
	daemon,
	scans,
	assets,
	findings,
	exports,
	remedy,
	signatures,
	knowledge,
	imports,
	profiles,
	exclusions,
	governor,
	maps,
	ghosts,
	access,
	consoles,
	audit,
	groups,
	tags,
	duplicates,
	vhosts,
	networks,
	lists,
	credentials,
	hostkeys,
	purges,
	recipes,
	queries,
	dashboard,
	activity,
	settings,
	exceptions,
	tickets,
	policy,
	ignores,
	shells,
	priorities,
	views,
};
