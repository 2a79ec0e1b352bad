/** Handlers of the knowledge area that bring feeds here: sources, updates, and when they happen. */
import { AppError } from "../../../protocol/errors.ts";
import type { FeedSource, UpdateReport } from "../../../protocol/model/knowledge-update.ts";
import { defaultSources } from "../../knowledge/update/default-sources.ts";
import { listSources, putSource, removeSource } from "../../store/settings-sources.ts";
import { doAudited, updateAudited } from "../audit-trail.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";
import { lastDiff, shownDiff } from "./knowledge-last-diff.ts";

type UpdateMethods = "sources" | "setSource" | "removeSource" | "configure" | "update" | "stopUpdate" | "updates";

export function updateHandlers(services: Services): Pick<AreaHandlers<"knowledge">, UpdateMethods> {
	const { settings, updater, audit, hub } = services;
	const all = () => listSources(settings.data, defaultSources);
	const find = (name: string) => all().find((one) => one.name === name) ?? null;
	return {
		sources: () => ({ items: all(), total: all().length, settings: settings.data.updates }),
		setSource: async ({ name, ...change }, { user }) => {
			const before = find(name);
			const wanted = { ...(before ?? newSource(name)), ...withoutAbsent(change) };
			const { builtIn: _, changed: __, ...after } = { builtIn: false, changed: false, ...wanted };
			if (after.urls.length === 0) {
				throw new AppError("invalid", `There is no source "${name}" yet, and no address for one.`, {
					hint: "Say where it is: vedette knowledge sources set NAME --url https://…",
				});
			}
			await updateAudited(
				services,
				(data) => putSource(data, after, defaultSources),
				() => ({
					...{ who: user, action: "knowledge.source", object: name, after: shown(after) },
					...(before === null ? {} : { before: shown(before) }),
				}),
			);
			return find(name) ?? { ...after, builtIn: false, changed: false };
		},
		removeSource: async ({ name }, { user }) => {
			const before = find(name);
			await updateAudited(
				services,
				(data) => removeSource(data, name),
				() => ({
					...{ who: user, action: "knowledge.source", object: name },
					...(before === null ? {} : { before: shown(before) }),
				}),
			);
			return { name, source: find(name) };
		},
		configure: async (change, { user }) => {
			const before = { ...settings.data.updates };
			await updateAudited(
				services,
				(data) => {
					data.updates = { ...data.updates, ...withoutAbsent(change) };
				},
				() => ({
					...{ who: user, action: "knowledge.configure", object: "updates", before },
					after: { ...before, ...withoutAbsent(change) },
				}),
			);
			hub.post({ kind: "knowledge-changed" });
			return settings.data.updates;
		},
		update: async ({ names, older, allowHttp, diff, limit }, { user }) => {
			const report = await doAudited(
				audit,
				{ who: user, action: "knowledge.update", object: "knowledge" },
				() => {
					const running = updater.update({ names, older, allowHttp, by: user });
					// Every console shows that one runs.
					hub.post({ kind: "knowledge-changed" });
					return running;
				},
				(made) => ({ after: outcomeOf(made) }),
			);
			hub.post({ kind: "knowledge-changed" });
			const changes = diff && report.swapped ? await changesOf(services) : null;
			return { report, changes: changes === null ? null : shownDiff(changes, limit) };
		},
		stopUpdate: () => ({ stopped: updater.stop() }),
		updates: () => ({ running: updater.progress, last: updater.last }),
	};
}

/** Null when somebody else was faster with another change. */
async function changesOf(services: Services) {
	try {
		return await lastDiff(services);
	} catch (err) {
		if (err instanceof AppError && err.code === "busy") return null;
		throw err;
	}
}

function newSource(name: string): FeedSource {
	return { name, feed: name, about: "", licence: "", urls: [], sha256Url: null, enabled: true };
}

function withoutAbsent<T extends object>(change: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
	return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
		[K in keyof T]?: Exclude<T[K], undefined>;
	};
}

function shown({ feed, urls, sha256Url, enabled }: FeedSource) {
	return { feed, urls, sha256Url, enabled };
}

function outcomeOf({ steps, swapped, cutOff }: UpdateReport) {
	return { steps: Object.fromEntries(steps.map(({ source, state }) => [source, state])), swapped, cutOff };
}
