/** Every command, one line each, in the order help shows them. */
import { accessCommand } from "./access.ts";
import { activityCommand } from "./activity.ts";
import { assetsCommand } from "./assets.ts";
import { attachCommand } from "./attach.ts";
import { auditCommand } from "./audit.ts";
import { callCommand } from "./call.ts";
import type { CommandFile } from "./command.ts";
import { compareCommand, historyCommand } from "./compare.ts";
import { consoleCommand } from "./console.ts";
import { consolesCommand } from "./consoles.ts";
import { credentialCommand } from "./credential.ts";
import { daemonCommand } from "./daemon.ts";
import { dashboardCommand } from "./dashboard.ts";
import { doctorCommand } from "./doctor.ts";
import { duplicatesCommand } from "./duplicates.ts";
import { exceptCommand } from "./except.ts";
import { excludeCommand } from "./exclude.ts";
import { exportCommand } from "./export.ts";
import { findingsCommand } from "./findings.ts";
import { fixCommand } from "./fix.ts";
import { ghostsCommand } from "./ghosts.ts";
import { groupCommand } from "./group.ts";
import { ignoreCommand } from "./ignore.ts";
import { importCommand } from "./import.ts";
import { keysCommand } from "./keys.ts";
import { knowledgeCommand } from "./knowledge.ts";
import { limitsCommand } from "./limits.ts";
import { mapCommand } from "./map.ts";
import { networkCommand } from "./network.ts";
import { policyCommand } from "./policy.ts";
import { priorityCommand } from "./priority.ts";
import { profileCommand } from "./profile.ts";
import { purgeCommand } from "./purge.ts";
import { queryCommand } from "./query.ts";
import { recipeCommand } from "./recipe.ts";
import { relayCommand } from "./relay.ts";
import { scanCommand } from "./scan.ts";
import { scansCommand } from "./scans.ts";
import { settingsCommand } from "./settings.ts";
import { signatureCommand } from "./signature.ts";
import { statusCommand } from "./status.ts";
import { stopAllCommand } from "./stop-all.ts";
import { tagCommand } from "./tag.ts";
import { ticketCommand } from "./ticket.ts";
import { verifyCommand } from "./verify.ts";
import { vhostCommand } from "./vhost.ts";
import { viewCommand } from "./view.ts";
import { whyCommand } from "./why.ts";
import { whyAssetCommand } from "./why-asset.ts";

export const commands: readonly CommandFile[] = [
	consoleCommand,
	attachCommand,
	scanCommand,
	scansCommand,
	mapCommand,
	recipeCommand,
	assetsCommand,
	duplicatesCommand,
	findingsCommand,
	compareCommand,
	historyCommand,
	priorityCommand,
	ticketCommand,
	policyCommand,
	ignoreCommand,
	exportCommand,
	fixCommand,
	verifyCommand,
	whyCommand,
	whyAssetCommand,
	exceptCommand,
	signatureCommand,
	knowledgeCommand,
	importCommand,
	profileCommand,
	excludeCommand,
	limitsCommand,
	groupCommand,
	tagCommand,
	queryCommand,
	viewCommand,
	dashboardCommand,
	activityCommand,
	settingsCommand,
	vhostCommand,
	networkCommand,
	purgeCommand,
	credentialCommand,
	ghostsCommand,
	accessCommand,
	consolesCommand,
	auditCommand,
	statusCommand,
	doctorCommand,
	keysCommand,
	stopAllCommand,
	daemonCommand,
	callCommand,
	relayCommand,
];
