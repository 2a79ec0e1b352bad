/**
 * A client without a daemon, for tests of the console: canned answers of the shapes the methods promise, and streams
 * the test pushes into. Answers are checked against the schemas, so a fake that lies fails.
 */
import type { Client, ClientState } from "../../protocol/client.ts";
import type { Method, MethodParams, MethodResult, Stream, StreamEvent, StreamSnapshot } from "../../protocol/define.ts";
import { AppError } from "../../protocol/errors.ts";
import * as assets from "../../protocol/methods/assets.ts";
import * as consoles from "../../protocol/methods/consoles.ts";
import * as credentials from "../../protocol/methods/credentials.ts";
import * as daemon from "../../protocol/methods/daemon.ts";
import * as exceptions from "../../protocol/methods/exceptions.ts";
import * as findings from "../../protocol/methods/findings.ts";
import * as hostkeys from "../../protocol/methods/hostkeys.ts";
import * as imports from "../../protocol/methods/imports.ts";
import * as maps from "../../protocol/methods/maps.ts";
import * as scans from "../../protocol/methods/scans.ts";
import * as shells from "../../protocol/methods/shells.ts";
import { answerAccess } from "./fake-access.test-support.ts";
import { answerBoards } from "./fake-boards.test-support.ts";
import { answerDuplicates } from "./fake-duplicates.test-support.ts";
import { answerExceptions } from "./fake-exceptions.test-support.ts";
import { answerFindings } from "./fake-findings.test-support.ts";
import { answerKnowledge } from "./fake-knowledge.test-support.ts";
import { answerMaps } from "./fake-maps.test-support.ts";
import { answerProfiles } from "./fake-profiles.test-support.ts";
import { answerPurges } from "./fake-purges.test-support.ts";
import { answerRecipes } from "./fake-recipes.test-support.ts";
import { answerScans } from "./fake-scans.test-support.ts";
import { answerShells } from "./fake-shells.test-support.ts";
import { answerTags } from "./fake-tags.test-support.ts";
import { answerTickets } from "./fake-tickets.test-support.ts";
import { answerViews } from "./fake-views.test-support.ts";
import { consolesOf } from "./sample-consoles.test-support.ts";
import { credentialOf, sampleFingerprint } from "./sample-credentials.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";
import { mapOf } from "./sample-maps.test-support.ts";
import { overviewOf, reportOf, statusOf } from "./sample-overview.test-support.ts";
import { scanOf } from "./sample-scans.test-support.ts";
import { shellOf } from "./sample-shells.test-support.ts";

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

/** Each its own file; those that need more are called by name. */
const areas = [
	...[answerViews, answerBoards, answerKnowledge, answerMaps, answerProfiles, answerDuplicates, answerTags],
	...[answerRecipes, answerShells, answerCredentials, answerTickets, answerExceptions, answerPurges, answerAccess],
];

export function createFakeClient(options: FakeOptions = {}): FakeClient {
	const totals = { assets: options.assets ?? 250, findings: options.findings ?? 731, scans: options.scans ?? 7 };
	const answers = new Map<string, (params: never) => unknown>();
	const subscribers = new Map<string, Set<(event: never) => void>>();
	const stateListeners = new Set<(state: ClientState) => void>();
	const calls: FakeClient["calls"] = [];
	let state: ClientState = "connected";

	const answer: FakeClient["answer"] = (method, respond) =>
		void answers.set(method.name, respond as (params: never) => unknown);
	const ask = (name: string, params: unknown): unknown => {
		const respond = answers.get(name);
		if (!respond) throw new AppError("not-found", `The fake does not know ${name}.`);
		return respond(params as never);
	};
	answer(daemon.status, () => statusOf(options));
	answer(daemon.doctor, () => reportOf(options));
	const scanList = answerScans(answer, options, totals.scans);
	answer(daemon.getOverview, () => overviewOf(totals.assets, scanList(), options));
	answerFindings(answer, options, totals);
	for (const answerArea of areas) answerArea(answer, options);

	const snapshots: Record<string, (params: { scan: number }) => unknown> = {
		[daemon.watchOverview.name]: () => ask(daemon.getOverview.name, {}),
		[scans.watch.name]: () => ({ scans: scanList() }),
		[scans.follow.name]: ({ scan }) => ({
			scan: scanList().find(({ id }) => id === scan) ?? scanOf(scan, options),
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
			people: [],
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
		retry() {
			calls.push({ name: "retry", params: {} });
		},
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

function answerCredentials(answer: FakeClient["answer"], options: SampleOptions): void {
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
			dropIn: { file: "/etc/sudoers.d/vedette", text: options.text ?? "scan ALL=(root) NOPASSWD: /bin/true" },
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
	answer(hostkeys.look, ({ host, port }) => ({
		...{ host: options.text ?? host, address: "192.0.2.7", port: port ?? 22, type: "ssh-ed25519", key: "AAAA" },
		...{ fingerprint: sampleFingerprint, trusted: "no" as const },
	}));
	answer(hostkeys.trust, ({ host, port, fingerprint }) => ({
		...{ id: 1, host, port: port ?? 22, type: "ssh-ed25519", key: "AAAA", fingerprint },
		...{ addedAt: "2026-02-03T09:12:44.000Z", addedBy: "unix:1000" },
	}));
}
