/** The settings of the daemon, a row each: how it is read, what it means, and which of the daemon's methods changes it. */
import { AppError } from "../../protocol/errors.ts";
import * as access from "../../protocol/methods/access.ts";
import * as duplicates from "../../protocol/methods/duplicates.ts";
import * as exclusions from "../../protocol/methods/exclusions.ts";
import * as knowledge from "../../protocol/methods/knowledge.ts";
import * as maps from "../../protocol/methods/maps.ts";
import * as priorities from "../../protocol/methods/priorities.ts";
import * as tickets from "../../protocol/methods/tickets.ts";
import { exceptionLimits } from "../../protocol/model/exception.ts";
import { defaultWeights, type PriorityWeights, priorityFactors } from "../../protocol/model/priority.ts";
import { purgeUndoDays } from "../../protocol/model/purge.ts";
import type { Setting } from "../../protocol/model/setting.ts";
import { ticketSettings } from "../../protocol/model/ticket.ts";
import { leastConfidence } from "../duplicates/score.ts";
import { listPolicyRules } from "../store/policy-rules.ts";
import { listPurgeRules } from "../store/purges.ts";
import { listRecipeSchedules } from "../store/recipe-schedules.ts";
import { days, isYes, type SettingRow, unless, wholeNumber, yesNo } from "./setting-row.ts";

const standardSla = ticketSettings.parse({}).sla;
const slaText = (row: readonly (number | null)[]): string => row.map((one) => one ?? "none").join(", ");
const severityWords = { 5: "urgent", 4: "critical", 3: "serious", 2: "medium", 1: "minimal" } as const;

function slaRow(severity: keyof typeof severityWords): SettingRow {
	return {
		...{ id: `tickets.sla-${severity}`, group: "Findings and tickets", command: "vedette ticket sla" },
		title: `Days for ${severityWords[severity]} findings`,
		about: "By the asset's criticality from 1 to 5: in how many days a ticket is due, counted from when it was opened.",
		read: async ({ ask, areas }) =>
			unless(
				slaText(standardSla[severity]),
				slaText((await ask(tickets.settings, areas.tickets.settings, {})).sla[severity]),
			),
		words: (text) => text || slaText(standardSla[severity]),
		edit: {
			access: tickets.saveSettings.access,
			hint: `five numbers of days, or none: ${slaText(standardSla[severity])}`,
			async save({ ask, areas }, text) {
				const { sla } = await ask(tickets.settings, areas.tickets.settings, {});
				const row = (text || slaText(standardSla[severity])).split(",").map((one) => {
					const word = one.trim();
					return /^(none|-)$/i.test(word) ? null : wholeNumber(word, "days");
				});
				const next = { ...sla, [severity]: row } as typeof sla;
				return await ask(tickets.saveSettings, areas.tickets.saveSettings, { sla: next });
			},
		},
	};
}

const weightsText = (weights: PriorityWeights): string =>
	priorityFactors.map((factor) => `${factor}=${weights[factor]}`).join(" ");

function readWeights(text: string, now: PriorityWeights): PriorityWeights {
	const changed = text.split(/[\s,]+/).map((word) => {
		const [factor = "", value = ""] = word.split("=");
		if (!(priorityFactors as readonly string[]).includes(factor)) {
			throw new AppError("invalid", `"${word}" is no factor and its weight.`, {
				hint: `For example kev=40. Factors: ${priorityFactors.join(", ")}.`,
			});
		}
		return [factor, wholeNumber(value, "points")] as const;
	});
	return { ...now, ...Object.fromEntries(changed) };
}

const known = (group: Setting["group"], id: string, title: string, value: string, about: string): SettingRow => ({
	...{ id, group, title, about, command: null, source: "built-in" as const },
	read: () => value,
});

export const settingRows: readonly SettingRow[] = [
	{
		...{ id: "maps.resolver", group: "Scans and maps", title: "Name server", command: "vedette map resolver" },
		about: "Asked by maps that name none, and for the names of hosts that are tracked by one.",
		read: async ({ ask, areas }) => (await ask(maps.resolver, areas.maps.resolver, {})).resolver ?? "",
		words: (text) => text || "those this machine uses",
		edit: {
			access: maps.setResolver.access,
			hint: "address or address:port; empty: those this machine uses",
			save: ({ ask, areas }, text) => ask(maps.setResolver, areas.maps.setResolver, { resolver: text || null }),
		},
	},
	{
		...{
			id: "scans.fragile-ports",
			group: "Scans and maps",
			title: "Fragile ports",
			command: "vedette exclude fragile",
		},
		about:
			"Connected to and never talked to, over UDP not even asked; besides 515 and 9100-9107, where printers print.",
		read: async ({ ask, areas }) => (await ask(exclusions.fragilePorts, areas.exclusions.fragilePorts, {})).further,
		words: (text) => text || "none besides those of printers",
		edit: {
			access: exclusions.setFragilePorts.access,
			hint: "ports and ranges: 502,20000-20005; empty: none",
			save: ({ ask, areas }, further) => ask(exclusions.setFragilePorts, areas.exclusions.setFragilePorts, { further }),
		},
	},
	{
		...{ id: "scans.profiles", group: "Scans and maps", title: "Own option profiles", command: "vedette profile list" },
		about: "Ports, pace, time limits, and after how many misses findings of dead hosts are closed, are set by profile.",
		read: ({ services }) =>
			unless("0", String(services.settings.data.profiles.filter(({ deleted }) => !deleted).length)),
		words: (text) => text || "none: Initial unless a scan names another",
	},
	{
		...{ id: "scans.limits", group: "Scans and maps", title: "Limits by network or group", command: "vedette limits" },
		about: "What may be sent to some addresses by all scans and maps together.",
		read: ({ services }) => unless("0", String(services.settings.data.concurrencyGroups.length)),
		words: (text) => text || "none",
	},
	{
		...{ id: "recipes.schedules", group: "Scans and maps", title: "Recipes on a schedule" },
		...{ command: "vedette recipe schedules", about: "At times written as cron does, in the name of who said so." },
		read: ({ services }) => unless("0", String(listRecipeSchedules(services.store.db).length)),
		words: (text) => text || "none",
	},
	{
		...{
			id: "knowledge.every-hours",
			group: "Knowledge",
			title: "Feeds are fetched",
			command: "vedette knowledge schedule",
		},
		about: "How often all sources that are on are asked for something new.",
		read: ({ services }) => String(services.settings.data.updates.everyHours ?? ""),
		words: (text) => (text === "" ? "never by themselves" : `every ${text} h`),
		edit: {
			access: knowledge.configure.access,
			hint: "hours from one time to the next, 1 to 8760; empty: never",
			save: ({ ask, areas }, text) =>
				ask(knowledge.configure, areas.knowledge.configure, {
					everyHours: text === "" ? null : wholeNumber(text, "hours"),
				}),
		},
	},
	{
		...{
			id: "knowledge.old-after-days",
			group: "Knowledge",
			title: "Knowledge is old after",
			command: "vedette knowledge schedule",
		},
		about: "From then on screens and reports warn of its age.",
		read: ({ services }) => unless("7", String(services.settings.data.updates.oldAfterDays)),
		words: (text) => days(Number(text || "7")),
		edit: {
			access: knowledge.configure.access,
			hint: "days, 1 to 3650; empty: 7",
			save: ({ ask, areas }, text) =>
				ask(knowledge.configure, areas.knowledge.configure, { oldAfterDays: wholeNumber(text || "7", "days") }),
		},
	},
	{
		...{
			id: "knowledge.allow-http",
			group: "Knowledge",
			title: "Feeds without TLS",
			command: "vedette knowledge schedule",
		},
		about: "Whether sources may be fetched over plain HTTP from other machines.",
		read: ({ services }) => unless("no", services.settings.data.updates.allowHttp ? "yes" : "no"),
		words: (text) => text || "no",
		edit: {
			...{ access: knowledge.configure.access, hint: "yes or no", choices: yesNo },
			save: ({ ask, areas }, text) =>
				ask(knowledge.configure, areas.knowledge.configure, { allowHttp: isYes(text || "no") }),
		},
	},
	{
		...{
			id: "knowledge.sources",
			group: "Knowledge",
			title: "Own or changed sources",
			command: "vedette knowledge sources",
		},
		about: "Where feeds come from, over the sources that came with Vedette.",
		read: ({ services }) => unless("0", String(services.settings.data.feedSources.length)),
		words: (text) => text || "none",
	},
	{
		...{ id: "knowledge.keys", group: "Knowledge", title: "Keys of bundles", command: "vedette knowledge keys" },
		about: "By whose signature knowledge that is carried here is taken in.",
		read: ({ services }) => unless("0", String(services.settings.data.bundleKeys.length)),
		words: (text) => text || "none",
	},
	{
		...{
			id: "identity.merge-above",
			group: "Identity",
			title: "Duplicates merge by themselves",
			command: "vedette duplicates auto",
		},
		about:
			"Groups at least this sure, with nothing against them, become one asset without being asked. Each can be undone.",
		read: async ({ ask, areas }) => String((await ask(duplicates.status, areas.duplicates.status, {})).auto ?? ""),
		words: (text) => (text === "" ? "never" : `from ${text} % on`),
		edit: {
			access: duplicates.auto.access,
			hint: "how sure, 50 to 100; empty: never. What it would merge now: vedette duplicates auto 95 --dry-run",
			save: ({ ask, areas }, text) =>
				ask(duplicates.auto, areas.duplicates.auto, { above: text === "" ? null : wholeNumber(text, "per cent") }),
		},
	},
	known(
		...(["Identity", "identity.least", "Listed as duplicates", `from ${leastConfidence} %`] as const),
		"Less sure pairs are not shown; what speaks outright against two being one keeps them apart, however sure.",
	),
	{
		...{
			id: "priorities.weights",
			group: "Findings and tickets",
			title: "Weights of the priority",
			command: "vedette priority",
		},
		about: "What the score from 0 to 100 is made of; only what they are to each other matters.",
		read: async ({ ask, areas }) =>
			unless(
				weightsText(defaultWeights),
				weightsText((await ask(priorities.weights, areas.priorities.weights, {})).weights),
			),
		words: (text) => text || weightsText(defaultWeights),
		edit: {
			access: priorities.setWeights.access,
			hint: "those that change: kev=40 exposure=20; empty: as they came",
			async save({ ask, areas }, text) {
				const { weights } = await ask(priorities.weights, areas.priorities.weights, {});
				const next = text === "" ? defaultWeights : readWeights(text, weights);
				return await ask(priorities.setWeights, areas.priorities.setWeights, { weights: next });
			},
		},
	},
	{
		...{
			id: "tickets.close-open",
			group: "Findings and tickets",
			title: "Scans close open tickets",
			command: "vedette ticket settings",
		},
		about: "A scan that finds the finding fixed closes a ticket nobody said to be resolved.",
		read: async ({ ask, areas }) =>
			unless("yes", (await ask(tickets.settings, areas.tickets.settings, {})).closeOpen ? "yes" : "no"),
		words: (text) => text || "yes",
		edit: {
			...{ access: tickets.saveSettings.access, hint: "yes or no", choices: yesNo },
			save: ({ ask, areas }, text) =>
				ask(tickets.saveSettings, areas.tickets.saveSettings, { closeOpen: isYes(text || "yes") }),
		},
	},
	{
		...{
			id: "tickets.operators-ignore",
			group: "Findings and tickets",
			title: "Operators may ignore findings",
			command: "vedette ticket settings",
		},
		about: "Ignoring needs operate access rather than approve.",
		read: async ({ ask, areas }) =>
			unless("no", (await ask(tickets.settings, areas.tickets.settings, {})).operatorsMayIgnore ? "yes" : "no"),
		words: (text) => text || "no",
		edit: {
			...{ access: tickets.saveSettings.access, hint: "yes or no", choices: yesNo },
			save: ({ ask, areas }, text) =>
				ask(tickets.saveSettings, areas.tickets.saveSettings, { operatorsMayIgnore: isYes(text || "no") }),
		},
	},
	{
		...{
			id: "policy.rules",
			group: "Findings and tickets",
			title: "Rules that make tickets",
			command: "vedette policy",
		},
		about: "Applied to findings as they come in: who mends what by when.",
		read: ({ services }) => unless("0", String(listPolicyRules(services.store.db).length)),
		words: (text) => text || "none: no ticket is made by itself",
	},
	...([5, 4, 3, 2, 1] as const).map(slaRow),
	known(
		"Requests",
		"requests.days",
		"An approval holds",
		days(exceptionLimits.days),
		`Unless the request says otherwise, ${days(exceptionLimits.mostDays)} at most.`,
	),
	known(
		"Requests",
		"requests.warn",
		"Warned before its end",
		days(exceptionLimits.warnDays),
		"From then on it may be asked for again.",
	),
	{
		...{
			id: "access.single-operator",
			group: "Requests",
			title: "One operator asks and decides",
			command: "vedette access single-operator",
		},
		about:
			"While it is on, whoever asks for something to be set apart may approve it too; consoles and reports show it.",
		read: ({ services }) => (services.settings.data.operators.singleOperator === null ? "" : "yes"),
		words: (text) => text || "no: four eyes decide",
		edit: {
			...{ access: access.setSingleOperator.access, hint: "yes or no", choices: yesNo, asksWhy: true as const },
			save: ({ ask, areas }, text, reason) =>
				ask(access.setSingleOperator, areas.access.setSingleOperator, { on: isYes(text || "no"), reason }),
		},
	},
	known(
		"Keeping and deleting",
		"purges.undo",
		"Purged assets are kept",
		days(purgeUndoDays),
		"So long a purge, and a deleted tag, can be undone.",
	),
	{
		...{
			id: "purges.rules",
			group: "Keeping and deleting",
			title: "Purge rules that are on",
			command: "vedette purge rules",
		},
		about: "Take assets out of the inventory once a day, by query, with a limit each.",
		read: ({ services }) =>
			unless("0", String(listPurgeRules(services.store.db).filter(({ enabled }) => enabled).length)),
		words: (text) => text || "none: nothing is purged by itself",
	},
	known(
		"Keeping and deleting",
		"audit.kept",
		"Audit log",
		"for good",
		"Each entry is chained to the one before and the newest is signed; nothing deletes one.",
	),
	{
		...{
			id: "access.grants",
			group: "Access",
			title: "Operators besides root and the owner",
			command: "vedette access list",
		},
		about: "Users, groups and tokens that may connect, each with a level.",
		read: ({ services }) => {
			const { grants, tokens } = services.settings.data.operators;
			return unless("0", String(grants.length + tokens.filter(({ revoked }) => revoked === null).length));
		},
		words: (text) => text || "nobody",
	},
	{
		...{ id: "access.listener", group: "Access", title: "Listens on the network", command: "vedette access listen" },
		about: "Where consoles with a token may connect from elsewhere; beyond this machine always with TLS.",
		read: ({ services }) => services.settings.data.listener?.address ?? "",
		words: (text) => text || "nowhere",
	},
	{
		...{ id: "daemon.engine", group: "This daemon", title: "Port engine", command: "vedette status" },
		about: "What scans ask ports with; VEDETTE_ENGINE chooses another when the daemon starts.",
		source: "environment",
		read: ({ services }) => services.status().engine.name,
	},
	{
		...{ id: "daemon.home", group: "This daemon", title: "Home", command: "vedette status" },
		about: "Everything is kept there; VEDETTE_HOME chooses another when the daemon starts.",
		source: "environment",
		read: ({ services }) => services.status().home,
	},
];
