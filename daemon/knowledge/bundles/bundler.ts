/** Bundles over time: making them, looking into them, taking them in. One at a time with imports and updates. */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { AppError } from "../../../protocol/errors.ts";
import type {
	BundleFeed,
	BundleManifest,
	InspectedBundle,
	KeptBundle,
} from "../../../protocol/model/knowledge-bundle.ts";
import type { FeedStatus } from "../advisories/base.ts";
import type { KnowledgeLibrary } from "../advisories/library.ts";
import { type BundleHead, checkSignature, readHead } from "./bundle-head.ts";
import { BundleLog } from "./bundle-log.ts";
import type { BundleWork, FromBundler } from "./bundle-worker.ts";
import type { CreateBundle } from "./create-bundle.ts";
import { stateOf } from "./line-index.ts";

export interface BundlerParts {
	readonly library: KnowledgeLibrary;
	/** Public keys by their ids. */
	trusted(): ReadonlyMap<string, string>;
	/** When the source of a feed was last seen to say what is held, ISO 8601. */
	checkedAt(feed: string, digest: string): string | null;
	/** Program and version. */
	readonly by: string;
	/** Milliseconds since the epoch. */
	now(): number;
}

export interface MakeRequest {
	readonly path: string;
	/** A state's hash or its start, `last`, the path of a bundle; null: all of it. */
	readonly since: string | null;
	readonly feeds: readonly string[];
	readonly key: BundleManifest["key"];
	/** PKCS #8 in PEM. */
	readonly secret: string;
}

/** Indexes of former states that are kept: older bundles can no longer be gone on from. */
const mostIndexes = 20;

export class Bundler {
	readonly #parts: BundlerParts;
	readonly #log: BundleLog;

	constructor(parts: BundlerParts) {
		this.#parts = parts;
		this.#log = new BundleLog(join(this.#folder(parts), "bundles.json"));
	}

	/** Newest first. */
	list(): KeptBundle[] {
		return this.#log.list();
	}

	/** Of the knowledge in force; null when nothing is held. */
	state(): string | null {
		const feeds = this.#parts.library.base?.feeds() ?? [];
		return feeds.length === 0 ? null : stateOf(feeds);
	}

	/** Throws `conflict` when the file is there or nothing is held, `not-found` for a feed or state that is not known. */
	async make(request: MakeRequest): Promise<KeptBundle> {
		const { library, now, checkedAt, by } = this.#parts;
		const held = library.base?.feeds() ?? [];
		const unknown = request.feeds.find((name) => !held.some((feed) => feed.name === name));
		if (unknown !== undefined || held.length === 0) {
			throw new AppError("not-found", unknown === undefined ? "No feed is held." : `No feed "${unknown}" is held.`, {
				hint: "See what is held: vedette knowledge. Fetch it: vedette knowledge update",
			});
		}
		if (existsSync(request.path)) {
			throw new AppError("conflict", `${request.path} is there already.`, {
				hint: "Name another file, or move it away.",
			});
		}
		const indexes = this.#folder(this.#parts);
		mkdirSync(indexes, { recursive: true, mode: 0o700 });
		const createdAt = new Date(now()).toISOString();
		return await library.change("a bundle being made", async ({ current }) => {
			const { since, previous } = this.#sinceOf(request.since);
			const checked = held.map(({ name, digest }) => [name, checkedAt(name, digest)]);
			const { path, feeds, key, secret } = request;
			const work: CreateBundle = {
				...{ base: current, path, since, previous, feeds, key, secret, indexes, createdAt, by },
				checkedAt: Object.fromEntries(checked.filter(([, at]) => at !== null)) as Record<string, string>,
			};
			const message = await this.#run({ kind: "create", work });
			if (message.kind !== "created") throw new AppError("internal", "The bundle was not made.");
			const { hash, manifest, bytes } = message.created;
			const { state, base } = manifest;
			this.#dropOldIndexes();
			const entry = { hash, previous, base, state, createdAt, at: createdAt, what: "made" as const };
			return { next: null, result: () => this.#log.add({ ...entry, file: basename(path), bytes, key: key.name }) };
		});
	}

	/** Null for a file that is no bundle. Throws `invalid` for one that cannot be read, or is of a newer format. */
	inspect(path: string): InspectedBundle | null {
		const head = this.#headOf(path);
		if (head === null) return null;
		const { hash, manifest } = head;
		const signature = checkSignature(head, this.#parts.trusted());
		const misfit = misfitOf(manifest.feeds, this.#parts.library.base?.feeds() ?? []);
		const why = signature === "good" ? misfit : signatureWords(signature, manifest.key);
		return { hash, manifest, signature, fits: misfit === null, why };
	}

	/** Throws `invalid` for what is no bundle, `forbidden`, `conflict` and `busy` as the method says. */
	async takeIn(
		path: string,
		older: boolean,
	): Promise<{ bundle: KeptBundle; changed: string[]; manifest: BundleManifest }> {
		const { library, now, trusted } = this.#parts;
		const looked = this.inspect(path);
		if (looked === null)
			throw new AppError("invalid", `${basename(path)} is no bundle.`, { hint: "Is it the right file?" });
		const { hash, manifest, signature, fits, why } = looked;
		if (signature !== "good") throw new AppError("forbidden", why ?? "", { hint: signatureHint(signature) });
		if (!older) this.#refuseOlder(manifest);
		if (!fits) {
			throw new AppError("conflict", why ?? "", {
				hint: "Ask for a whole bundle (made without --since), or one since what is held here: vedette knowledge bundle list",
			});
		}
		return await library.change(path, async ({ current, next }) => {
			const work = { path, hash, trusted: Object.fromEntries(trusted()), current, next, now: now() };
			const message = await this.#run({ kind: "apply", work });
			if (message.kind !== "applied") throw new AppError("internal", "The bundle was not taken in.");
			const { previous, base, state, createdAt, key } = manifest;
			const entry = {
				hash,
				previous,
				base,
				state,
				createdAt,
				at: new Date(now()).toISOString(),
				what: "taken" as const,
			};
			const changed = [...message.changed];
			const result = () => {
				const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
				return { bundle: this.#log.add({ ...entry, file: basename(path), bytes, key: key.name }), changed, manifest };
			};
			return { next: changed.length > 0 ? next : null, result };
		});
	}

	async #run(data: BundleWork): Promise<FromBundler> {
		let last: FromBundler | undefined;
		await this.#parts.library.run("bundle-worker", data, (message: FromBundler) => {
			last = message;
		});
		if (last === undefined || last.kind === "lines") {
			throw new AppError("unavailable", "It was cut off.", { hint: "Nothing was changed. Start it again." });
		}
		if (last.kind !== "failed") return last;
		const { refused, message, hint } = last;
		throw new AppError(refused ? "invalid" : "unavailable", message, {
			hint: hint ?? "Nothing was changed. Check the space on the disk and who may write there, then try again.",
		});
	}

	/** What a bundle goes on from: the base before this one, or the index of a state that a bundle was made of. */
	#sinceOf(since: string | null): Pick<CreateBundle, "since" | "previous"> {
		if (since === null) return { since: null, previous: null };
		const { library } = this.#parts;
		const bundles = this.#log.list();
		const file = since.startsWith("/") ? this.#headOf(since) : null;
		const last = bundles.find(({ what }) => what === "made");
		const wanted = file?.manifest.state ?? (since === "last" ? last?.state : since.toLowerCase());
		const found = wanted === undefined ? undefined : this.#indexOf(wanted);
		const previous =
			file?.hash ?? bundles.find(({ state }) => wanted !== undefined && state.startsWith(wanted))?.hash ?? null;
		if (found !== undefined) return { since: { index: found }, previous };
		const before = library.previousFeeds();
		if (wanted !== undefined && wanted.length >= 8 && before !== null && stateOf(before.feeds).startsWith(wanted)) {
			return { since: { base: before.path }, previous };
		}
		throw new AppError("not-found", `What was known at ${JSON.stringify(since)} is not known here any more.`, {
			hint: "See the states that are: vedette knowledge bundle list. A whole bundle is made without --since.",
		});
	}

	#indexOf(state: string): string | undefined {
		if (state.length < 8) return undefined;
		const folder = this.#folder(this.#parts);
		const name = existsSync(folder)
			? readdirSync(folder).find((one) => one.startsWith(state) && one.endsWith(".keys"))
			: undefined;
		return name === undefined ? undefined : join(folder, name);
	}

	#dropOldIndexes(): void {
		const folder = this.#folder(this.#parts);
		const names = readdirSync(folder).filter((name) => name.endsWith(".keys"));
		const byAge = names
			.map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }))
			.toSorted((a, b) => b.at - a.at);
		for (const { name } of byAge.slice(mostIndexes)) rmSync(join(folder, name), { force: true });
	}

	#headOf(path: string): BundleHead | null {
		if (!existsSync(path)) return null;
		const head = readHead(path);
		if (head === "no-bundle") return null;
		if (typeof head !== "string") return head;
		const why = head === "newer" ? "a newer Vedette made it" : "its head is damaged or cut off";
		throw new AppError("invalid", `The bundle cannot be read: ${why}.`, {
			hint: head === "newer" ? "Bring this Vedette up to date first." : "Carry it over once more.",
		});
	}

	#refuseOlder({ feeds, createdAt }: BundleManifest): void {
		const held = new Map(this.#parts.library.base?.feeds().map((feed) => [feed.name, feed]));
		const day = (at: number) => new Date(at).toISOString().slice(0, 10);
		const hint = "Nothing was changed. To take it in all the same: --older";
		for (const { name, publishedAt, digest } of feeds) {
			const known = held.get(name);
			if (known?.publishedAt == null || publishedAt === null || known.digest === digest) continue;
			if (publishedAt >= known.publishedAt) continue;
			const what = `Its ${name} is of ${day(publishedAt)}, older than the one held, of ${day(known.publishedAt)}.`;
			throw new AppError("conflict", what, { hint });
		}
		const newer = this.#log.list().find((one) => one.what === "taken" && one.createdAt > createdAt);
		if (newer === undefined) return;
		throw new AppError("conflict", `It was made before one that was taken in already (${newer.file}).`, { hint });
	}

	#folder({ library }: BundlerParts): string {
		return join(library.folder, "bundles");
	}
}

/** Null when what is held is what the bundle goes on from. */
function misfitOf(feeds: readonly BundleFeed[], held: readonly FeedStatus[]): string | null {
	const known = new Map(held.map(({ name, digest }) => [name, digest]));
	const wrong = feeds.find(({ name, before, digest }) => {
		const here = known.get(name);
		return before !== null && here !== before && here !== digest;
	});
	if (wrong === undefined) return null;
	const here = known.get(wrong.name)?.slice(0, 12);
	return `It goes on from ${wrong.name} ${wrong.before?.slice(0, 12)}, and ${here === undefined ? "none is held here" : `here ${here} is held`}.`;
}

function signatureWords(state: InspectedBundle["signature"], key: BundleManifest["key"]): string {
	if (state === "unsigned") return "The bundle is not signed.";
	if (state === "wrong") return `The bundle's signature is wrong: it was changed since "${key.name}" signed it.`;
	return `The bundle is signed by "${key.name}" (${key.id}), a key that is not trusted here.`;
}

function signatureHint(state: InspectedBundle["signature"]): string {
	return state === "key-not-trusted"
		? "Compare its id over another way with whoever made it, then: vedette knowledge key trust 'vedette-key …'"
		: "Nothing was taken in. Carry it over once more, and ask whoever made it for its hash.";
}
