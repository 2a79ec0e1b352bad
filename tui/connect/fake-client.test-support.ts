/**
 * A client without a daemon, for tests of the console: canned answers of the shapes the methods promise, and streams
 * the test pushes into. Answers are checked against the schemas, so a fake that lies fails.
 */
import type { Client, ClientState } from "../../protocol/client.ts";
import type { Method, MethodParams, MethodResult, Stream, StreamEvent, StreamSnapshot } from "../../protocol/define.ts";
import { AppError } from "../../protocol/errors.ts";
import * as access from "../../protocol/methods/access.ts";
import * as assets from "../../protocol/methods/assets.ts";
import * as audit from "../../protocol/methods/audit.ts";
import * as consoles from "../../protocol/methods/consoles.ts";
import * as credentials from "../../protocol/methods/credentials.ts";
import * as daemon from "../../protocol/methods/daemon.ts";
import * as duplicates from "../../protocol/methods/duplicates.ts";
import * as exceptions from "../../protocol/methods/exceptions.ts";
import * as exclusions from "../../protocol/methods/exclusions.ts";
import * as findings from "../../protocol/methods/findings.ts";
import * as governor from "../../protocol/methods/governor.ts";
import * as groups from "../../protocol/methods/groups.ts";
import * as hostkeys from "../../protocol/methods/hostkeys.ts";
import * as ignores from "../../protocol/methods/ignores.ts";
import * as imports from "../../protocol/methods/imports.ts";
import * as knowledge from "../../protocol/methods/knowledge.ts";
import * as maps from "../../protocol/methods/maps.ts";
import * as policy from "../../protocol/methods/policy.ts";
import * as priorities from "../../protocol/methods/priorities.ts";
import * as profiles from "../../protocol/methods/profiles.ts";
import * as purges from "../../protocol/methods/purges.ts";
import * as recipes from "../../protocol/methods/recipes.ts";
import * as remedy from "../../protocol/methods/remedy.ts";
import * as scans from "../../protocol/methods/scans.ts";
import * as shells from "../../protocol/methods/shells.ts";
import * as tags from "../../protocol/methods/tags.ts";
import * as tickets from "../../protocol/methods/tickets.ts";
import { defaultWeights } from "../../protocol/model/priority.ts";
import { profileOptions } from "../../protocol/model/profile.ts";
import { type RecipeRequest, recipeRequest } from "../../protocol/model/recipe.ts";
import type { Scan } from "../../protocol/model/scan.ts";
import { ticketSettings } from "../../protocol/model/ticket.ts";
import { answerBoards } from "./fake-boards.test-support.ts";
import { answerViews } from "./fake-views.test-support.ts";
import { accessOf, grantedOf, tokenOf } from "./sample-access.test-support.ts";
import { consolesOf } from "./sample-consoles.test-support.ts";
import { credentialOf, sampleFingerprint } from "./sample-credentials.test-support.ts";
import {
	assetOf,
	coverageOf,
	evidenceOf,
	facetsOf,
	findingGroupOf,
	findingOf,
	overviewOf,
	remedyOf,
	reportOf,
	type SampleOptions,
	scanOf,
	serviceOf,
	signatureOf,
	statusOf,
} from "./sample-data.test-support.ts";
import {
	comparedOf,
	duplicateDetailOf,
	duplicateGroupOf,
	mergePreviewOf,
	mergeRecordOf,
} from "./sample-duplicates.test-support.ts";
import { exceptionDetailOf, exceptionOf, exceptionPreviewOf } from "./sample-exceptions.test-support.ts";
import { groupOf } from "./sample-groups.test-support.ts";
import { identityOf } from "./sample-identity.test-support.ts";
import {
	bundleKeysOf,
	bundlesOf,
	changesOf,
	feedsOf,
	reportOfUpdate,
	sourcesOf,
} from "./sample-knowledge.test-support.ts";
import { differenceOf, mapCoverageOf, mapHostOf, mapOf } from "./sample-maps.test-support.ts";
import { page } from "./sample-page.test-support.ts";
import { purgedAssetOf, purgeOf, purgePreviewOf, purgeRuleOf } from "./sample-purges.test-support.ts";
import { recipeOf } from "./sample-recipes.test-support.ts";
import { auditEntryOf, exclusionEventOf, exclusionOf, profileOf } from "./sample-settings.test-support.ts";
import { shellOf } from "./sample-shells.test-support.ts";
import { tagOf } from "./sample-tags.test-support.ts";
import {
	ignorePreviewOf,
	ignoreRequestOf,
	policyEffectOf,
	policyRuleOf,
	ticketEventsOf,
	ticketOf,
	ticketPreviewOf,
} from "./sample-tickets.test-support.ts";

export interface FakeClient extends Client {
	/** Sends an event to every subscriber of the stream. */
	push<S extends Stream>(stream: S, event: StreamEvent<S>): void;
	setState(state: ClientState): void;
	/** Names of the methods called, with their params, in order. */
	readonly calls: { name: string; params: unknown }[];
	/** Replaces the answer of a method. */
	answer<M extends Method>(method: M, answer: (params: MethodParams<M>) => MethodResult<M>): void;
}

interface FakeOptions extends SampleOptions {
	readonly access?: "read" | "admin";
	readonly assets?: number;
	readonly findings?: number;
	readonly scans?: number;
}

export function createFakeClient(options: FakeOptions = {}): FakeClient {
	const totals = { assets: options.assets ?? 250, findings: options.findings ?? 731, scans: options.scans ?? 7 };
	const answers = new Map<string, (params: never) => unknown>();
	const subscribers = new Map<string, Set<(event: never) => void>>();
	const stateListeners = new Set<(state: ClientState) => void>();
	const calls: FakeClient["calls"] = [];
	let state: ClientState = "connected";
	let scanList: Scan[] = Array.from({ length: totals.scans }, (_, index) => scanOf(totals.scans - index, options));

	const answer: FakeClient["answer"] = (method, respond) =>
		void answers.set(method.name, respond as (params: never) => unknown);
	const ask = (name: string, params: unknown): unknown => {
		const respond = answers.get(name);
		if (!respond) throw new AppError("not-found", `The fake does not know ${name}.`);
		return respond(params as never);
	};
	answer(daemon.status, () => statusOf(options));
	answer(daemon.doctor, () => reportOf(options));
	const feeds = { items: feedsOf(options), total: 3 };
	const updateSettings = { everyHours: null, oldAfterDays: 7, allowHttp: false };
	answer(knowledge.feeds, () => ({ ...feeds, importing: null, hasPrevious: true }));
	answer(knowledge.sources, () => ({ items: sourcesOf(options), total: 3, settings: updateSettings }));
	answer(knowledge.updates, () => ({ running: null, last: reportOfUpdate(options) }));
	answer(knowledge.update, () => ({ report: reportOfUpdate(options), changes: null }));
	answer(knowledge.diff, () => changesOf(options));
	answer(knowledge.inspectBundle, () => ({ bundle: null }));
	answer(knowledge.bundles, () => ({ items: bundlesOf(options), total: 2, state: "cd".repeat(32) }));
	answer(knowledge.createBundle, () => bundlesOf(options)[0] ?? never());
	answer(knowledge.keys, () => ({ items: bundleKeysOf(options), total: 2 }));
	answer(knowledge.newKey, () => ({ key: bundleKeysOf(options)[0] ?? never(), line: "vedette-key AAAA office" }));
	answer(knowledge.trustKey, () => bundleKeysOf(options)[1] ?? never());
	answer(knowledge.removeKey, () => bundleKeysOf(options)[0] ?? never());
	answer(knowledge.stopUpdate, () => ({ stopped: true }));
	answer(knowledge.rollback, () => feeds);
	answer(knowledge.configure, (change) => ({ ...updateSettings, everyHours: change.everyHours ?? null }));
	answer(knowledge.import, () => ({ ...(feeds.items[0] ?? never()), refused: { documents: 0, first: [] } }));
	answer(knowledge.setSource, (change) => {
		const known = sourcesOf(options).find(({ name }) => name === change.name) ?? sourcesOf(options)[0] ?? never();
		return { ...known, urls: change.urls ?? known.urls };
	});
	answer(daemon.getOverview, () => overviewOf(totals.assets === 0 ? 0 : totals.assets, scanList, options));
	answer(assets.list, (params) => page(params, totals.assets, (index) => assetOf(index + 1, options)));
	answer(assets.count, ({ filter }) => ({ total: filter === "interfaces.address is null" ? 1 : totals.assets }));
	answer(assets.get, ({ id }) => ({
		asset: assetOf(id ?? 1, options),
		services: Array.from({ length: 6 }, (_, index) => serviceOf(index, options)),
		...identityOf(options),
		records: [evidenceOf("ssh", options), evidenceOf("http", options)],
	}));
	answer(findings.list, (params) => page(params, totals.findings, (index) => findingOf(index + 1, options)));
	answer(findings.compared, (params) => page(params, 3, (index) => findingOf(index + 1, options)));
	answer(findings.compare, () => ({
		...{ from: { at: "2026-01-03T09:12:44.000Z", scan: 1 }, to: { at: "2026-02-03T09:12:44.000Z", scan: 2 } },
		hosts: { both: 4, onlyFrom: 1, onlyTo: 0 },
		appeared: { "1": 0, "2": 0, "3": 1, "4": 0, "5": 2 },
		gone: { "1": 0, "2": 2, "3": 0, "4": 0, "5": 0 },
		stayed: { "1": 0, "2": 0, "3": 9, "4": 0, "5": 0 },
	}));
	answer(findings.groups, ({ by = "signature", ...params }) =>
		page(params, 12, (index) => findingGroupOf(index + 1, by, options)),
	);
	answer(assets.facets, () => facetsOf(options));
	answer(findings.facets, () => facetsOf(options));
	answer(findings.get, ({ id }) => ({
		finding: findingOf(id, options),
		signature: signatureOf(options),
		evidence: [evidenceOf("ssh", options)],
		events: [
			{ at: "2026-01-03T09:12:44.000Z", kind: "new" as const, scan: 1, source: "network" as const, result: "" },
			{
				at: "2026-02-03T09:12:44.000Z",
				kind: "found" as const,
				scan: 2,
				source: "login" as const,
				result: options.text ?? "",
			},
		],
	}));
	answer(remedy.plan, () => ({ hosts: [remedyOf(options)], assets: 1, next: null }));
	answer(findings.explain, () => ({
		question: options.text ?? "Why is SSH Terrapin open on web-07?",
		verdict: "vulnerable" as const,
		summary: options.text ?? "The server offers chacha20-poly1305 without strict key exchange.",
		steps: [
			{
				step: "evidence" as const,
				outcome: "yes" as const,
				text: options.text ?? "An ssh record of 10.0.3.7:22, two minutes old.",
				data: { kex: options.text ?? "curve25519-sha256" },
			},
			{ step: "expression" as const, outcome: "yes" as const, text: options.text ?? "The expression is true." },
		],
		check: options.text ?? "ssh-audit 10.0.3.7",
	}));
	answer(scans.list, (params) => page(params, scanList.length, (index) => scanList[index] ?? scanOf(1, options)));
	answer(scans.get, ({ scan }) => scanList.find(({ id }) => id === scan) ?? scanOf(scan, options));
	answer(scans.estimate, ({ targets }) => ({
		addresses: targets.length,
		excluded: 0,
		ports: 1_000,
		probes: targets.length * 1_000,
		seconds: 2,
		needsConfirmation: false,
		warnings: [],
	}));
	answer(scans.start, ({ targets }) => {
		const scan: Scan = {
			...scanOf(totals.scans + 1, options),
			title: options.text ?? "New scan",
			targets,
			status: "running",
			progress: 0.1,
		};
		scanList = [scan, ...scanList];
		return scan;
	});
	answer(scans.coverage, ({ scan }) => coverageOf(scan));
	answer(governor.networks, () => ({
		items: [
			{
				...{ network: "10.0.3.0/24", packetsPerSecond: 812, answersPerSecond: 640, resetsPerSecond: 610, rttMs: 21.4 },
				...{ loss: 0.031, sent: 41_200, answers: 33_004, resets: 31_900, prohibited: 3 },
			},
		],
		total: 1,
		slowedBy: [options.text ?? "10.0.3.0/24 loses packets: half the pace there."],
	}));
	for (const method of [scans.pause, scans.resume, scans.cancel]) answer(method, ({ scan }) => scanOf(scan, options));
	answer(scans.stopAll, () => ({ stopped: [1], maps: [], audited: true }));

	answerViews(answer, options);
	answerMaps(answer, options);
	answerSettings(answer, options);

	const snapshots: Record<string, (params: { scan: number }) => unknown> = {
		[daemon.watchOverview.name]: () => ask(daemon.getOverview.name, {}),
		[scans.watch.name]: () => ({ scans: scanList }),
		[scans.follow.name]: ({ scan }) => ({
			scan: scanList.find(({ id }) => id === scan) ?? scanOf(scan, options),
			results: [],
		}),
		[maps.watch.name]: () => ({ maps: [mapOf(4, options), mapOf(3, options), mapOf(2, options)] }),
		[shells.follow.name]: () => ({
			...{ shell: shellOf(1, options), position: 40 },
			replay: `$ ${options.text ?? "uptime"}\r\n\u001b[1;32mup\u001b[0m 3 days\r\n$ `,
		}),
		[assets.watch.name]: () => ({ total: totals.assets }),
		[consoles.watch.name]: () => ({ consoles: consolesOf(options) }),
		[exceptions.watch.name]: () => ({ requested: 4, ending: 0 }),
		[imports.watch.name]: () => ({ running: null }),
		[findings.watch.name]: () => ({ total: totals.findings }),
	};

	return {
		hello: {
			version: "0.1.0",
			protocol: "1.0",
			access: options.access ?? "admin",
			user: "unix:1000",
			capabilities: [],
		},
		latencyMs: 0.4,
		attempts: 0,
		calls,
		get state() {
			return state;
		},
		setState(next) {
			state = next;
			for (const listener of stateListeners) listener(next);
		},
		answer,
		onState(listener) {
			stateListeners.add(listener);
			return () => stateListeners.delete(listener);
		},
		onLatency: () => () => undefined,
		async call<M extends Method>(method: M, params: MethodParams<M>): Promise<MethodResult<M>> {
			calls.push({ name: method.name, params });
			await Promise.resolve();
			if (state !== "connected") throw new AppError("unavailable", "The connection to the daemon is down.");
			return method.result.parse(ask(method.name, method.params.parse(params))) as MethodResult<M>;
		},
		subscribe(stream, params, handlers) {
			const listeners = subscribers.get(stream.name) ?? new Set();
			subscribers.set(stream.name, listeners);
			const listener = (event: never) => handlers.onEvent(event);
			listeners.add(listener);
			const ready = Promise.resolve().then(() => {
				const snapshot = snapshots[stream.name]?.(params as { scan: number });
				if (listeners.has(listener))
					handlers.onSnapshot(stream.snapshot.parse(snapshot) as StreamSnapshot<typeof stream>);
			});
			return { ready, close: () => listeners.delete(listener) };
		},
		push(stream, event) {
			for (const listener of subscribers.get(stream.name) ?? []) listener(stream.event.parse(event) as never);
		},
		discover: () => Promise.resolve({}),
		close: () => Promise.resolve(),
	};
}

type Answer = FakeClient["answer"];

function answerMaps(answer: Answer, options: SampleOptions): void {
	const hostAt = (index: number) => mapHostOf(index + 1, options);
	const differenceAt = (index: number) => differenceOf(index + 1, options);
	answer(maps.list, (params) => page(params, 4, (index) => mapOf(4 - index, options)));
	answer(maps.get, ({ map }) => mapOf(map, options));
	answer(maps.coverage, ({ map }) => mapCoverageOf(map, options));
	answer(maps.hosts, (params) => page(params, 40, hostAt));
	answer(maps.rogues, (params) => page(params, 7, differenceAt));
	answer(maps.compare, (params) => page(params, 12, differenceAt));
	answer(maps.approve, ({ addresses = [] }) => ({ domain: "none", added: addresses.length, removed: 0, approved: 9 }));
	answer(maps.addToInventory, ({ addresses = [] }) => ({ added: addresses.length, known: 0 }));
	answer(maps.resolver, () => ({ resolver: null }));
	answer(maps.setResolver, ({ resolver }) => ({ resolver }));
	answer(maps.start, () => ({ maps: [mapOf(4, options)] }));
	for (const method of [maps.pause, maps.resume, maps.cancel]) answer(method, ({ map }) => mapOf(map, options));
}

function answerSettings(answer: Answer, options: SampleOptions): void {
	const all = [1, 2, 3].map((index) => profileOf(index, options));
	const named = (name: string) => all.find((one) => one.name === name) ?? profileOf(3, options);
	const excluded = [1, 2].map((id) => exclusionOf(id, options));
	answer(profiles.list, () => ({ items: all, total: all.length }));
	answer(profiles.get, ({ name, version }) => ({
		profile: { ...named(name), ...(version === undefined ? {} : { version }) },
		versions: [3, 2, 1].map((one) => ({
			version: one,
			editedAt: "2026-02-03T09:12:44.000Z",
			editedBy: options.text ?? "unix:1000",
		})),
	}));
	answer(profiles.clone, ({ from, name }) => ({ ...named(from), name, version: 1, builtIn: false }));
	answer(profiles.edit, ({ name, version, options: edited }) => ({
		...named(name),
		version: version + 1,
		options: profileOptions.parse(edited),
	}));
	answer(profiles.remove, ({ name }) => ({ deleted: name }));
	answer(exclusions.list, () => ({ items: excluded, total: excluded.length }));
	answer(exclusions.history, () => ({ items: [exclusionEventOf(1, options), exclusionEventOf(2, options)], total: 2 }));
	answer(exclusions.add, () => ({ added: [exclusionOf(3, options)], scans: [1], maps: [] }));
	answer(exclusions.remove, () => ({ removed: [exclusionOf(1, options)] }));
	answer(exclusions.fragilePorts, () => ({ always: "515,9100-9107", further: "502" }));
	answer(exclusions.setFragilePorts, ({ further }) => ({ always: "515,9100-9107", further, scans: [], maps: [1] }));
	const noDuplicates = {
		groups: 3,
		searching: false,
		pending: 0,
		searchedAt: null,
		tookMs: null,
		auto: null,
		contradicted: 1,
		common: [],
	};
	answer(duplicates.list, (params) => page(params, 3, (index) => duplicateGroupOf(index + 1, options)));
	answer(duplicates.get, ({ id }) => duplicateDetailOf(id, options));
	answer(duplicates.compare, ({ assets }) => comparedOf(assets, options));
	answer(duplicates.preview, ({ assets }) =>
		mergePreviewOf(assets, options, assets[0] === 2 ? ["assets 2 and 102 have different machine-id"] : []),
	);
	answer(duplicates.merge, () => mergeRecordOf(5, options));
	answer(duplicates.merges, (params) => page(params, 4, (index) => mergeRecordOf(4 - index, options)));
	answer(duplicates.undo, ({ merge }) => ({ merge, assets: [], arrived: [] }));
	answer(duplicates.keep, ({ merge }) => mergeRecordOf(merge, options));
	answer(duplicates.reject, () => ({ pairs: 1 }));
	answer(duplicates.search, () => ({ ...noDuplicates, searching: true }));
	answer(duplicates.status, () => noDuplicates);
	answer(duplicates.auto, ({ above, dryRun }) => ({
		...{ above, groups: dryRun ? 2 : 0, previews: dryRun ? [mergePreviewOf([1, 101], options)] : [] },
	}));
	answer(tags.list, () => ({ items: [1, 2, 3, 4].map((id) => tagOf(id, options)), total: 4 }));
	answer(tags.get, () => ({
		tag: tagOf(2, options),
		children: [options.text ?? "Debian"],
		assets: [{ id: 1, name: options.text ?? "host-1", why: options.text ?? "rule", since: "2026-02-03T09:12:44.000Z" }],
	}));
	answer(tags.preview, () => ({ matches: 12, of: 250, adds: 12, removes: 3, added: ["host-1"], removed: ["host-2"] }));
	answer(tags.create, ({ name }) => ({ ...tagOf(5, options), name, path: name }));
	answer(tags.edit, () => tagOf(2, options));
	const schedule = (name: string, request: RecipeRequest, when: string) => ({
		...{ id: 1, name, request, when, timeZone: "", by: options.text ?? "unix:1000", recipe: null, problem: null },
		...{ nextAt: "2026-03-09T03:00:00.000Z", lastAt: null },
	});
	const nightly = recipeRequest.parse({ kind: "light-inventory", targets: ["192.0.2.0/24"], tag: "Found" });
	answer(recipes.schedules, () => ({ items: [schedule(options.text ?? "Night", nightly, "0 3 * * 1")], total: 1 }));
	answer(recipes.schedule, ({ name, request, when }) => schedule(name, recipeRequest.parse(request), when));
	answer(recipes.unschedule, ({ name }) => ({ deleted: schedule(name, nightly, "0 3 * * 1") }));
	answer(tags.restore, () => tagOf(3, options));
	answer(tags.assign, () => ({ tag: tagOf(3, options), changed: 2 }));
	answerBoards(answer, options);
	answer(groups.list, () => ({ items: [1, 2, 3].map((id) => groupOf(id, options)), total: 3 }));
	answer(groups.get, () => ({ group: groupOf(2, options), ranges: [["10.0.0.0", "10.0.0.255"] as [string, string]] }));
	answer(groups.create, ({ title }) => ({ ...groupOf(4, options), title }));
	answer(groups.edit, ({ group, title }) => ({ ...groupOf(2, options), title: title ?? group }));
	answer(groups.addAddresses, () => ({ group: groupOf(2, options), changed: 3 }));
	answer(groups.removeAddresses, () => ({ group: groupOf(2, options), changed: 3 }));
	answer(groups.remove, () => ({ deleted: groupOf(2, options) }));
	answer(groups.neverScanned, () => ({
		items: [
			{ first: "10.0.0.7", last: "10.0.0.9", addresses: 3, why: "never-asked" as const },
			{ first: "10.0.1.1", last: "10.0.1.1", addresses: 1, why: "never-answered" as const },
		],
		...{ total: 2, neverAsked: 3, neverAnswered: 1 },
	}));
	answer(priorities.explain, ({ finding }) => ({
		...{ finding, title: options.text ?? "Terrapin", priority: 31.5 },
		parts: [
			{
				factor: "severity" as const,
				weight: 20,
				share: 0.8,
				points: 16,
				most: 20,
				text: options.text ?? "severity 4 of 5",
			},
		],
	}));
	answer(shells.list, () => ({ items: [shellOf(1, options)] }));
	answer(shells.resize, () => ({}));
	answer(shells.write, () => ({}));
	answer(shells.close, () => ({}));
	answer(recipes.list, (params) => page(params, 5, (index) => recipeOf(5 - index, options)));
	answer(recipes.get, ({ recipe }) => recipeOf(recipe, options));
	answer(recipes.start, () => recipeOf(6, options));
	answer(recipes.goOn, ({ recipe }) => recipeOf(recipe, options));
	answer(recipes.cancel, ({ recipe }) => ({ ...recipeOf(recipe, options), status: "cancelled" as const }));
	const kept = [credentialOf(1, options), credentialOf(2, options)];
	const secrets = { keptBy: "file" as const, locked: false };
	answer(credentials.list, () => ({ items: kept, total: kept.length, secrets }));
	answer(credentials.create, ({ name }) => ({ ...credentialOf(3, options), name }));
	answer(credentials.edit, () => credentialOf(1, options));
	answer(credentials.remove, () => ({ deleted: credentialOf(1, options) }));
	answer(credentials.check, ({ target }) => ({
		...{
			address: target,
			checkedAt: "2026-02-03T09:12:44.000Z",
			sudoers: options.text ?? "scan ALL=(root) NOPASSWD: /bin/true",
		},
		checks: [
			{ id: "shell", title: "shell", state: "ok" as const, found: options.text ?? "Commands run in sh.", cure: [] },
			{
				id: "privileges",
				title: "privileges",
				state: "failed" as const,
				found: "sudo: no",
				cure: [options.text ?? "Mend it."],
			},
		],
	}));
	answer(consoles.list, () => ({ items: consolesOf(options), total: 2 }));
	answer(consoles.show, () => ({ id: 1 }));
	answer(hostkeys.look, ({ host, port }) => ({
		...{ host: options.text ?? host, address: "192.0.2.7", port: port ?? 22, type: "ssh-ed25519", key: "AAAA" },
		...{ fingerprint: sampleFingerprint, trusted: "no" as const },
	}));
	answer(hostkeys.trust, ({ host, port, fingerprint }) => ({
		...{ id: 1, host, port: port ?? 22, type: "ssh-ed25519", key: "AAAA", fingerprint },
		...{ addedAt: "2026-02-03T09:12:44.000Z", addedBy: "unix:1000" },
	}));
	answer(tickets.list, (params) => page(params, 12, (index) => ticketOf(index + 1, options)));
	answer(tickets.get, ({ id }) => ({ ticket: ticketOf(id, options), events: ticketEventsOf(options) }));
	answer(tickets.counts, () => ({ open: 12, overdue: 3, mine: 4, who: "unix:1000" }));
	answer(tickets.preview, ({ ids }) => ticketPreviewOf(ids ?? [1, 2, 3], options));
	answer(tickets.change, ({ ids }) => ({ changed: ids?.length ?? 3 }));
	answer(tickets.create, () => ({ created: 1, tickets: [13] }));
	const rules = [policyRuleOf(1, options), policyRuleOf(2, options)];
	answer(policy.list, () => ({ items: rules, total: rules.length }));
	answer(policy.preview, ({ change }) => ({
		...{ before: policyEffectOf(4, options), after: policyEffectOf(change === undefined ? 4 : 16, options), rules },
	}));
	answer(policy.change, () => ({ rules }));
	answer(policy.apply, () => policyEffectOf(4, options));
	answer(ignores.preview, ({ assets }) => ignorePreviewOf(assets.startsWith("id:") ? 1 : 6, options));
	answer(ignores.list, () => ({ items: [ignoreRequestOf(2, 6, options), ignoreRequestOf(1, 1, options)], total: 2 }));
	answer(ignores.restore, ({ id }) => ({ request: ignoreRequestOf(id, 6, options), findings: 6 }));
	answer(tickets.settings, () => ticketSettings.parse({}));
	answer(tickets.saveSettings, (changes) => ({
		...{ settings: ticketSettings.parse({ sla: changes.sla }), closed: 0, redated: changes.redate === true ? 7 : 0 },
	}));
	answer(priorities.weights, () => ({ weights: defaultWeights }));
	answer(priorities.setWeights, () => ({ weights: defaultWeights }));
	answer(ignores.add, ({ assets }) => ({ request: ignoreRequestOf(3, assets.startsWith("id:") ? 1 : 6, options) }));
	answer(exceptions.list, (params) => page(params, 6, (index) => exceptionOf(6 - index, options)));
	answer(exceptions.ofFinding, () => ({ items: [exceptionOf(2, options)] }));
	answer(exceptions.get, ({ id }) => exceptionDetailOf(id, options));
	answer(exceptions.preview, ({ scopes }) => exceptionPreviewOf(scopes[0]?.kind === "findings" ? 1 : 214, options));
	answer(exceptions.request, () => ({ requests: [exceptionOf(7, options)] }));
	answer(exceptions.decide, ({ id, decision }) => {
		const state = decision === "approve" ? ("approved" as const) : ("rejected" as const);
		const until = "2026-05-04T09:12:44.000Z";
		return { exception: { ...exceptionOf(id, options), state, until }, covered: 214 };
	});
	answer(exceptions.decideMany, ({ ids }) => ({
		decided: ids.slice(1).map((id) => exceptionOf(id, options)),
		refused: ids.slice(0, 1).map((id) => ({ id, reason: `Request ${id} was approved by unix:1003.` })),
	}));
	answer(exceptions.resubmit, ({ id }) => ({ ...exceptionOf(8, options), previous: id }));
	answer(exceptions.revoke, ({ id }) => ({ exception: exceptionOf(id, options), restored: 214 }));
	answer(exceptions.withdraw, ({ id }) => exceptionOf(id, options));
	answer(purges.list, (params) => page(params, 7, (index) => purgeOf(7 - index, options)));
	answer(purges.assets, (params) => page(params, 3, (index) => purgedAssetOf(index + 1, options)));
	answer(purges.rules, () => ({ items: [purgeRuleOf(1, options), purgeRuleOf(2, options)], total: 2 }));
	answer(purges.preview, ({ filter }) => purgePreviewOf(filter === "none" ? 0 : 3, options));
	answer(purges.run, () => purgeOf(8, options));
	answer(purges.undo, ({ purge, beside }) => ({
		...{ purge: purgeOf(purge, options), restored: 2 },
		...(beside === true
			? { refused: [], refusedTotal: 0 }
			: { refused: [{ asset: 2, name: "db", reason: "10.0.0.2 is asset 9." }], refusedTotal: 1 }),
	}));
	answer(purges.saveRule, ({ name }) => ({ rule: { ...purgeRuleOf(1, options), name }, matches: 4 }));
	answer(purges.removeRule, () => ({ deleted: purgeRuleOf(1, options) }));
	answer(access.list, () => accessOf(options));
	answer(access.grant, ({ who, access: level }) => ({ operator: { ...grantedOf(options), who, access: level } }));
	answer(access.revoke, () => ({ revoked: grantedOf(options) }));
	answer(access.createToken, () => ({ token: tokenOf(options), secret: "vedette_c2VjcmV0" }));
	answer(access.revokeToken, () => ({ token: tokenOf(options) }));
	answer(access.setSingleOperator, ({ on, reason }) => ({
		singleOperator: on ? { since: "2026-02-03T09:12:44.000Z", by: "unix:1000", reason } : null,
	}));
	answer(audit.list, (params) => page(params, 20, (index) => auditEntryOf(20 - index, options)));
	answer(audit.verify, () => ({
		entries: 20,
		intact: true,
		signed: "good" as const,
		key: "SHA256:sample",
		head: "0".repeat(64),
		faults: [],
	}));
}

function never(): never {
	throw new Error("the sample is empty");
}
