/** Every screen and dialog, one line each. Tabs, and where a route leads, derive from this list. */
import { keyOf } from "../keys/find-binding.ts";
import { access } from "./access/screen.tsx";
import { accessEntry } from "./access-entry/screen.ts";
import { activity } from "./activity/screen.tsx";
import { arrange } from "./arrange/screen.tsx";
import { asset } from "./asset/screen.tsx";
import { assets } from "./assets/screen.tsx";
import { audit } from "./audit/screen.tsx";
import { auditEntry } from "./audit-entry/screen.ts";
import { bundleKeys } from "./bundle-keys/screen.tsx";
import { bundles } from "./bundles/screen.tsx";
import { columns } from "./columns/screen.tsx";
import { command } from "./command/screen.tsx";
import { compareScans } from "./compare/screen.tsx";
import { confirm } from "./confirm/screen.tsx";
import { consoles } from "./consoles/screen.tsx";
import { credentials } from "./credentials/screen.tsx";
import { dashboard } from "./dashboard/screen.tsx";
import { doctor } from "./doctor/screen.tsx";
import { duplicate } from "./duplicate/screen.tsx";
import { duplicates } from "./duplicates/screen.tsx";
import { exclusionHistory } from "./exclusion-history/screen.tsx";
import { exclusions } from "./exclusions/screen.tsx";
import { facets } from "./facets/screen.tsx";
import { finding } from "./finding/screen.tsx";
import { findingGroups } from "./finding-groups/screen.tsx";
import { findingHistory } from "./finding-history/screen.tsx";
import { findings } from "./findings/screen.tsx";
import { fix } from "./fix/screen.tsx";
import { form } from "./form/screen.tsx";
import { groups } from "./groups/screen.tsx";
import { help } from "./help/screen.tsx";
import { ignores } from "./ignores/screen.tsx";
import { knowledge } from "./knowledge/screen.tsx";
import { knowledgeChanges } from "./knowledge-changes/screen.tsx";
import { loginCheck } from "./login-check/screen.tsx";
import { map } from "./map/screen.tsx";
import { mapCompare } from "./map-compare/screen.ts";
import { mapCoverage } from "./map-coverage/screen.tsx";
import { mapHost } from "./map-host/screen.ts";
import { mapRogues } from "./map-rogues/screen.ts";
import { mapTopology } from "./map-topology/screen.tsx";
import { maps } from "./maps/screen.tsx";
import { menu } from "./menu/screen.tsx";
import { merges } from "./merges/screen.tsx";
import { neverScanned } from "./never-scanned/screen.tsx";
import { newScan } from "./new-scan/screen.tsx";
import { newToken } from "./new-token/screen.ts";
import { palette } from "./palette/screen.tsx";
import { policy } from "./policy/screen.tsx";
import { port } from "./port/screen.tsx";
import { profile } from "./profile/screen.tsx";
import { profiles } from "./profiles/screen.tsx";
import { purgeRules } from "./purge-rules/screen.tsx";
import { purges } from "./purges/screen.tsx";
import { queries } from "./queries/screen.tsx";
import { recipes } from "./recipes/screen.tsx";
import { request } from "./request/screen.tsx";
import { requests } from "./requests/screen.tsx";
import { scan } from "./scan/screen.tsx";
import { scans } from "./scans/screen.tsx";
import { settings } from "./settings/screen.tsx";
import { shell } from "./shell/screen.tsx";
import { tags } from "./tags/screen.tsx";
import { ticket } from "./ticket/screen.tsx";
import { tickets } from "./tickets/screen.tsx";
import type { Route, RouteOf, Screen, ScreenContext, ScreenId, View } from "./view.ts";
import { views } from "./views/screen.tsx";
import { why } from "./why/screen.tsx";

const screens: { readonly [Id in ScreenId]: Screen<Id> } = {
	dashboard,
	arrange,
	scans,
	scan,
	"new-scan": newScan,
	assets,
	asset,
	findings,
	finding,
	"finding-groups": findingGroups,
	facets,
	why,
	fix,
	"finding-history": findingHistory,
	compare: compareScans,
	port,
	shell,
	doctor,
	settings,
	activity,
	knowledge,
	"knowledge-changes": knowledgeChanges,
	bundles,
	"bundle-keys": bundleKeys,
	help,
	palette,
	command,
	confirm,
	menu,
	columns,
	views,
	form,
	maps,
	map,
	"map-rogues": mapRogues,
	"map-topology": mapTopology,
	"map-compare": mapCompare,
	"map-coverage": mapCoverage,
	"map-host": mapHost,
	profiles,
	profile,
	exclusions,
	"exclusion-history": exclusionHistory,
	duplicates,
	duplicate,
	merges,
	groups,
	"never-scanned": neverScanned,
	recipes,
	tickets,
	ticket,
	policy,
	ignores,
	requests,
	request,
	purges,
	"purge-rules": purgeRules,
	tags,
	queries,
	consoles,
	credentials,
	"login-check": loginCheck,
	access,
	"access-entry": accessEntry,
	"new-token": newToken,
	audit,
	"audit-entry": auditEntry,
};

/** Screens with a tab, in order; each is opened by the action of the same name. */
const tabbed = [
	...(["dashboard", "scans", "assets", "findings"] as const),
	...(["maps", "profiles", "exclusions", "audit"] as const),
] satisfies readonly ScreenId[];

/** With the keys that are in force. */
export function tabsInForce(): { id: ScreenId; title: string; key: string }[] {
	return tabbed.map((id) => ({ id, title: screens[id].title, key: keyOf("everywhere", id) }));
}

export function openView<Id extends ScreenId>(route: RouteOf<Id> & Route, context: ScreenContext): View {
	const screen: Screen<Id> = screens[route.to as Id];
	return screen.open(route, context);
}
