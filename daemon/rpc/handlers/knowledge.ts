/** Handlers of the knowledge area. */
import { AppError } from "../../../protocol/errors.ts";
import type { Advisory, CveFacts, CveSource, Feed } from "../../../protocol/model/knowledge.ts";
import { diffKnowledge } from "../../assess/knowledge-diff.ts";
import type { FeedStatus, KnowledgeBase, KnownAdvisory, KnownDetail } from "../../knowledge/advisories/base.ts";
import { AdvisoryBook } from "../../knowledge/advisories/book.ts";
import { cvssScore } from "../../knowledge/cvss.ts";
import { doAudited } from "../audit-trail.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";
import { absolutePath } from "./absolute-path.ts";
import { bundleHandlers } from "./knowledge-bundles.ts";
import { lastDiff, shownDiff } from "./knowledge-last-diff.ts";
import { updateHandlers } from "./knowledge-update.ts";

/** Advisories about one CVE that are told at most. */
const mostAdvisories = 200;

export function knowledgeHandlers(services: Services): AreaHandlers<"knowledge"> {
	const { knowledge, library, updater, audit, store } = services;
	const toFeed = (feed: FeedStatus) => feedOf(feed, updater.checkedAt(feed.name, feed.digest));
	const feeds = () => (library.base?.feeds() ?? []).map(toFeed);
	return {
		...updateHandlers(services),
		...bundleHandlers(services, toFeed),
		status: () => knowledge().status(),
		feeds: () => {
			const items = feeds();
			return { items, total: items.length, importing: library.importing, hasPrevious: library.hasPrevious };
		},
		import: async ({ path, name = null, older }, { user }) => {
			const request = { path: absolutePath(path), name, older };
			const event = { who: user, action: "knowledge.import", object: name ?? path };
			const feed = await doAudited(
				audit,
				event,
				() => library.import(request),
				({ name: object, file, records, digest }) => ({ object, after: { file, records, digest } }),
			);
			const { refused, ...status } = feed;
			return { ...toFeed(status), refused };
		},
		rollback: async (_, { user }) => {
			const digests = () => feeds().map(({ name, digest }) => ({ name, digest }));
			const event = { who: user, action: "knowledge.rollback", object: "knowledge", before: digests() };
			await doAudited(
				audit,
				event,
				() => library.rollback(),
				() => ({ after: digests() }),
			);
			const items = feeds();
			return { items, total: items.length };
		},
		diff: async ({ path, previous, last, name = null, limit }) => {
			if ([path !== undefined, previous, last].filter(Boolean).length !== 1) {
				throw new AppError("invalid", "Say what to compare with: a feed's file, or the knowledge before.", {
					hint: "vedette knowledge diff FILE, or vedette knowledge diff previous, or last",
				});
			}
			if (last) return shownDiff(await lastDiff(services), limit);
			const compare = (base: KnowledgeBase) =>
				diffKnowledge(store, knowledge().advisories ?? null, new AdvisoryBook(base));
			const request = { path: absolutePath(path ?? "/"), name };
			return shownDiff(previous ? await library.previous(compare) : await library.preview(request, compare), limit);
		},
		lookup: ({ name }) => {
			const { base } = library;
			const wanted = name.toUpperCase().startsWith("CVE-") ? name.toUpperCase() : name;
			const cve = base?.cve(wanted) ?? null;
			const advisories = base?.find(wanted) ?? [];
			if (base === null || (cve === null && advisories.length === 0)) throw notKnown(name, base === null);
			return {
				cve: cve === null ? null : factsOf(cve, base.details(wanted)),
				advisories: advisories.slice(0, mostAdvisories).map((one) => advisoryOf(one, base)),
			};
		},
	};
}

function notKnown(name: string, empty: boolean): AppError {
	return new AppError("not-found", `Nothing is known of ${JSON.stringify(name)}.`, {
		hint: empty
			? "No feed has been taken in yet. Fetch one and take it in: vedette knowledge import FILE"
			: "See which feeds there are, and how old they are: vedette knowledge",
	});
}

function feedOf(feed: FeedStatus, checkedAt: string | null): Feed {
	const { importedAt, publishedAt, format, ...rest } = feed;
	return {
		...rest,
		checkedAt,
		format: format as Feed["format"],
		importedAt: new Date(importedAt).toISOString(),
		publishedAt: isoOf(publishedAt),
	};
}

function factsOf(cve: NonNullable<ReturnType<KnowledgeBase["cve"]>>, details: readonly KnownDetail[]): CveFacts {
	const { kev } = cve;
	const sources = details.map(sourceOf);
	if (kev === null) return { ...cve, kev, sources };
	return { ...cve, sources, kev: { ...kev, addedAt: new Date(kev.addedAt).toISOString(), dueAt: isoOf(kev.dueAt) } };
}

function sourceOf({ cve: _, cvss, cwes, references, publishedAt, modifiedAt, ...said }: KnownDetail): CveSource {
	const scored = cvss.map((vector) => ({ vector, score: cvssScore(vector) }));
	const dates = { publishedAt: isoOf(publishedAt), modifiedAt: isoOf(modifiedAt) };
	return { ...said, ...dates, cvss: scored, cwes: [...cwes], references: [...references] };
}

function advisoryOf({ id, cvss, cves, ...known }: KnownAdvisory, base: KnowledgeBase): Advisory {
	const { publishedAt, modifiedAt, withdrawnAt } = known;
	const dates = { publishedAt: isoOf(publishedAt), modifiedAt: isoOf(modifiedAt), withdrawnAt: isoOf(withdrawnAt) };
	return { ...known, ...dates, cvss: [...cvss], cves: [...cves], affected: base.affectedBy(id) };
}

function isoOf(at: number | null): string | null {
	return at === null ? null : new Date(at).toISOString();
}
