/** The one place where the daemon's parts meet: opened in order, closed in reverse. */

import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Logger } from "pino";
import { mayAccess } from "../protocol/define.ts";
import { AppError } from "../protocol/errors.ts";
import type { HomePaths } from "../protocol/home.ts";
import { open as shellsOpen } from "../protocol/methods/shells.ts";
import type { Listener } from "../protocol/model/operator.ts";
import type { AddressSet } from "../protocol/target/address-set.ts";
import { auditedShells } from "./audited-shells.ts";
import { systemClock } from "./clock.ts";
import { KeyStore } from "./credentials/key-store.ts";
import { openLogins } from "./credentials/login-plan.ts";
import { engineOf, statusOf } from "./daemon-status.ts";
import { examine } from "./doctor/examine.ts";
import { ExportJobs } from "./exports/export-jobs.ts";
import { Hub } from "./hub.ts";
import { giveBackMemory, restWhenIdle } from "./idle-memory.ts";
import { openKeepers } from "./keepers.ts";
import { KnowledgeLibrary } from "./knowledge/advisories/library.ts";
import { Bundler } from "./knowledge/bundles/bundler.ts";
import { openKnowledge } from "./knowledge/open.ts";
import { knowledgeOver } from "./knowledge/with-advisories.ts";
import { LiveTags } from "./live-tags.ts";
import { HostLogins } from "./login/host-login.ts";
import { createLoginPool } from "./login/login-pool.ts";
import { OpenParts } from "./open-parts.ts";
import { InstallationKey } from "./operators/installation-key.ts";
import { Operators } from "./operators/operators.ts";
import { People } from "./operators/people.ts";
import { planningOf } from "./planning.ts";
import { RecipeClock } from "./recipes/clock.ts";
import { RecipeRunner } from "./recipes/runner.ts";
import { openReverseNames } from "./reverse-names.ts";
import { Attendance } from "./rpc/attendance.ts";
import { openAuditTrail } from "./rpc/audit-trail.ts";
import { allHandlers, allStreams, stepHandlers } from "./rpc/handlers/all.ts";
import { fileImportNow } from "./rpc/handlers/imports-file.ts";
import { NetworkDoor } from "./rpc/network-door.ts";
import { noteBadTokens, noteRefusals } from "./rpc/refusals.ts";
import { replanRuns } from "./rpc/replan.ts";
import { createRpcServer } from "./rpc/server.ts";
import type { Services } from "./rpc/services.ts";
import { SharedDoor } from "./rpc/shared-door.ts";
import type { Pace } from "./scan/login-turns.ts";
import { type PlanningContext, systemResolve } from "./scan/request.ts";
import { updaterOf } from "./scheduled-updates.ts";
import { TargetLists } from "./scope/target-lists.ts";
import { openSenders } from "./senders.ts";
import { readHead } from "./store/audit.ts";
import { listCredentials } from "./store/credentials.ts";
import { latestMoment } from "./store/latest-moment.ts";
import { ListReader } from "./store/list-reader.ts";
import { openSettings } from "./store/settings.ts";
import { openStore } from "./store/store.ts";
import { allVirtualHosts } from "./store/virtual-hosts.ts";
import { openRuns } from "./stored-runs.ts";
import { targetSourcesOf } from "./target-sources.ts";

export interface DaemonOptions {
	readonly home: HomePaths;
	readonly log: Logger;
	readonly version: string;
	readonly env: NodeJS.ProcessEnv;
	/** Where to listen on the network, whatever the settings say. */
	readonly listener: Listener | null;
	/** Called when a client asked the daemon to stop; the answer has then gone out. */
	readonly onStopRequested: () => void;
}

export interface Daemon {
	/** Checkpoints running scans, answers nobody any more, and lets go of everything. */
	close(): Promise<void>;
	/** Reads again what is kept in files of others: the certificate for the network. */
	reload(): void;
}

const warmUpAfterMs = 50;

/** Opens everything, takes up unfinished scans and serves. Rejects with an AppError that says what to do. */
export async function openDaemon(options: DaemonOptions): Promise<Daemon> {
	const { home, log } = options;
	const parts = new OpenParts(log);
	try {
		const settings = parts.hold(await openSettings(home.settingsPath, { log }));
		const store = parts.hold(openStore(home.storePath, { clock: systemClock }));
		const reader = parts.hold(new ListReader(store));
		const installation = new InstallationKey(home.installationKeyPath, () => readHead(store.db));
		const audit = parts.hold(openAuditTrail(store, log, installation));
		const library = parts.hold(new KnowledgeLibrary(home.knowledgeDir, () => systemClock.now()));
		const knowledge = knowledgeOver(openKnowledge(), () => library.base);
		const updater = parts.hold(updaterOf(library, settings, audit, log));
		const bundler = new Bundler({
			...{ library, by: `vedette ${options.version}`, now: () => systemClock.now() },
			trusted: () => new Map(settings.data.bundleKeys.map(({ id, publicKey }) => [id, publicKey])),
			checkedAt: (feed, digest) => updater.checkedAt(feed, digest),
		});
		const keys = parts.hold(new KeyStore(home.stateDir, options.env));
		const logins = openLogins({ db: store.db, keys, env: options.env });
		const lists = new TargetLists(() => systemClock.now());
		const sources = targetSourcesOf(store, lists, systemResolve);
		const tags = parts.hold(
			new LiveTags({
				...{ settings, sources, now: () => systemClock.now() },
				onChanged: (addresses) => {
					replanRuns(runs, addresses).catch((err: unknown) => log.error({ err }, "runs could not be planned again"));
				},
			}),
		);
		const senders = openSenders(parts, { env: options.env, log, groups: () => tags.groups() });
		const { choice, governor, loginTurns } = senders;

		const hub = new Hub((err) => log.error({ err }, "a watcher failed"));
		const keepers = openKeepers(parts, { store, reader, settings, hub, audit, log, knowledge });
		const { judging, exceptions, bulk, duplicates, priorities } = keepers;
		library.onSwap = () => {
			judging.knowledgeChanged();
			hub.post({ kind: "knowledge-changed" });
		};
		parts.onClose(hub.listen(({ kind }) => kind === "inventory-changed" && tags.inventoryChanged()));
		const rest = () => {
			store.shrink();
			return giveBackMemory();
		};
		const exports = new ExportJobs(rest);
		parts.onClose(() => exports.closeAll());
		const planning = {
			...planningOf(settings, sources),
			virtualHosts: () => allVirtualHosts(store.db),
			loginReach: (addresses: AddressSet, names: ReadonlyMap<string, string>) => logins.reach(addresses, names),
		};
		const loginPool = parts.hold(
			createLoginPool({ onFault: (message) => log.error({ message }, "the login worker failed") }),
		);
		const sshConfig = options.env.VEDETTE_SSH_CONFIG ?? null;
		const hostLogins = new HostLogins({
			...{ logins, pool: loginPool, resolve: systemResolve, sshConfig },
			inUse: () => listCredentials(store.db).length > 0,
			now: () => systemClock.now(),
		});
		const shells = auditedShells(options.env, audit);
		parts.onClose(() => shells.closeAll());
		const names = parts.hold(openReverseNames(store.db, () => settings.data.mapResolver));
		const runs = openRuns(parts, { store, hub, senders, hostLogins, names, planning, knowledge, log });
		const { manager, maps } = runs;
		const takesIn = () => library.importing !== null || fileImportNow({ store }) !== null;
		const isBusy = () => manager.running + maps.running > 0 || takesIn() || judging.isBusy;
		parts.onClose(restWhenIdle({ isBusy, rest }));
		const delay = monitorEventLoopDelay({ resolution: 10 });
		delay.enable();
		parts.onClose(() => void delay.disable());

		const people = new People(store.db);
		const operators = parts.hold(new Operators(settings, process.getuid?.() ?? -1, () => systemClock.now(), people));
		operators.onChange(() =>
			shells.closeUnless((by) => {
				const access = operators.accessOf(by);
				return access !== null && mayAccess(access, shellsOpen.access);
			}),
		);
		const sharedDoor = new SharedDoor({
			...{ path: home.sharedSocketPath, log, audience: () => operators.audience() },
			onConnection: (socket) => server.take(socket),
		});
		const networkDoor = new NetworkDoor({
			...{ home, log, now: () => systemClock.now(), wish: () => options.listener ?? settings.data.listener },
			onConnection: (socket, from, onAdmitted) => server.take(socket, from, onAdmitted),
		});
		const startedAt = new Date(systemClock.now()).toISOString();
		const services: Services = {
			...{ store, reader, settings, bulk, hub, manager, maps, governor, planning, lists, audit },
			...{ startedAt, version: options.version },
			...{ duplicates, exports, concurrencyGroups: () => tags.groups() },
			...{ attendance: new Attendance(), operators, people, installation },
			...{ sharedDoor, networkDoor, listensByCommand: options.listener !== null },
			...{ knowledge, library, updater, bundler, keys, logins, hostLogins, shells, sshConfig },
			takeTurn: (address, signal) => loginTurns.take(address, byHand(planning), signal),
			requestStop: () => void setImmediate(options.onStopRequested),
			examine: () =>
				examine({
					...{ home, env: options.env, engine: engineOf(choice), knowledge: knowledge().status(), running: true },
					newest: latestMoment(store.db),
					now: systemClock.now(),
				}),
			status: () =>
				statusOf({
					...{ home, version: options.version, startedAt, store, choice, manager, delay, settings },
					connections: server.connections(),
				}),
		};
		const steps = stepHandlers(services);
		const accessOf = (identity: string) => operators.accessOf(identity);
		const recipes = parts.hold(new RecipeRunner({ store, hub, log, audit, handlers: steps, accessOf }));
		parts.hold(new RecipeClock({ store, log, desk: recipes, accessOf }));
		const server = createRpcServer({
			socketPath: home.socketPath,
			log,
			version: options.version,
			gatekeeper: operators,
			onRefused: noteRefusals(audit, () => systemClock.now()),
			onBadToken: noteBadTokens(audit, () => systemClock.now()),
			handlers: allHandlers(services, steps, { recipes, exceptions, priorities }),
			streams: allStreams(services, recipes),
		});
		await server.listen();
		parts.onClose(() => server.close());
		await sharedDoor.follow();
		parts.hold(sharedDoor);
		await networkDoor.follow();
		parts.hold(networkDoor);
		const { problem } = networkDoor.state();
		if (options.listener !== null && problem !== null) throw new AppError("unavailable", problem);

		// After the first console has been let in: compiling the signatures takes a quarter of a second.
		const warmUp = setTimeout(() => parts.begin(), warmUpAfterMs);
		parts.onClose(() => clearTimeout(warmUp));
		log.info({ socket: home.socketPath, engine: senders.engine.name, why: choice.reason }, "the daemon is ready");
		return { close: () => parts.close(), reload: () => networkDoor.reload() };
	} catch (err) {
		await parts.close();
		throw err;
	}
}

/** What is sent to one host by hand keeps to the limits that a scan has unless it is told otherwise. */
function byHand({ profileOf }: PlanningContext): Pace {
	const limits = profileOf("Initial", null)?.limits;
	if (limits === undefined) throw new AppError("internal", "There is no profile Initial.");
	return { limits, group: "by-hand" };
}
