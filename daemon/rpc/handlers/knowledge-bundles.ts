/** Handlers of the knowledge area about bundles and the keys they are signed with. */
import { AppError } from "../../../protocol/errors.ts";
import type { Feed } from "../../../protocol/model/knowledge.ts";
import type { BundleKey } from "../../../protocol/model/knowledge-bundle.ts";
import type { FeedStatus } from "../../knowledge/advisories/base.ts";
import { keyId, keyLine, makeKeyPair, parseKeyLine } from "../../knowledge/bundles/bundle-key.ts";
import { addBundleKey, listBundleKeys, removeBundleKey } from "../../store/settings-bundle-keys.ts";
import type { StoredBundleKey } from "../../store/settings-schema.ts";
import { doAudited, updateAudited } from "../audit-trail.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";
import { absolutePath } from "./absolute-path.ts";

type BundleMethods =
	| ("createBundle" | "inspectBundle" | "importBundle" | "bundles")
	| ("keys" | "newKey" | "trustKey" | "removeKey");

export function bundleHandlers(
	services: Services,
	toFeed: (feed: FeedStatus) => Feed,
): Pick<AreaHandlers<"knowledge">, BundleMethods> {
	const { settings, bundler, updater, library, audit, keys, store } = services;
	const find = (name: string) => listBundleKeys(settings.data).find((one) => one.name === name);
	const add = async (key: StoredBundleKey, action: string) => {
		const event = { who: key.addedBy, action, object: key.name, after: { id: key.id } };
		await updateAudited(
			services,
			(data) => addBundleKey(data, key),
			() => event,
		);
		return find(key.name) ?? shownKey(key);
	};
	const stamp = (user: string) => ({ addedAt: new Date(store.clock.now()).toISOString(), addedBy: user });
	return {
		createBundle: async ({ path, since = null, key, feeds }, { user }) => {
			const signer = signerOf(settings.data.bundleKeys, key);
			const secret = keys.key().open(Buffer.from(signer.sealed ?? "", "base64"), placeOf(signer.id));
			if (secret === null) throw lostSecret(signer.name);
			const { name, id, publicKey } = signer;
			const request = { path: absolutePath(path), since, feeds, secret };
			return doAudited(
				audit,
				{ who: user, action: "knowledge.bundle", object: path },
				() => bundler.make({ ...request, key: { name, id, publicKey } }),
				({ file, hash, state }) => ({ object: file, after: { hash, state } }),
			);
		},
		inspectBundle: ({ path }) => ({ bundle: bundler.inspect(absolutePath(path)) }),
		importBundle: async ({ path, older }, { user }) => {
			const file = absolutePath(path);
			const { bundle, changed, manifest } = await doAudited(
				audit,
				{ who: user, action: "knowledge.import", object: path },
				() => bundler.takeIn(file, older),
				(taken) => ({ object: taken.bundle.file, after: { hash: taken.bundle.hash, changed: taken.changed } }),
			);
			const checked = manifest.feeds.flatMap(({ name, digest, checkedAt }) =>
				checkedAt === null ? [] : [[name, { digest, at: checkedAt }] as const],
			);
			updater.noteChecked(Object.fromEntries(checked));
			return { bundle, changed, feeds: (library.base?.feeds() ?? []).map(toFeed) };
		},
		bundles: () => {
			const items = bundler.list();
			return { items, total: items.length, state: bundler.state() };
		},
		keys: () => {
			const items = listBundleKeys(settings.data);
			return { items, total: items.length };
		},
		newKey: async ({ name }, { user }) => {
			const { publicKey, secret } = makeKeyPair();
			const [id, sealing] = [keyId(publicKey), keys.key()];
			const sealed = Buffer.from(sealing.seal(secret, placeOf(id))).toString("base64");
			const made = { name, id, publicKey, sealed, sealedBy: sealing.id, ...stamp(user) };
			return { key: await add(made, "knowledge.key-new"), line: keyLine(publicKey, name) };
		},
		trustKey: async ({ line, name }, { user }) => {
			const parsed = parseKeyLine(line);
			if (parsed === null) {
				throw new AppError("invalid", "That is no key.", {
					hint: "It is a line that begins with vedette-key, as knowledge key new told on the other machine.",
				});
			}
			const { publicKey } = parsed;
			const key = { name: name ?? parsed.name, id: keyId(publicKey), publicKey, sealed: null, sealedBy: null };
			return await add({ ...key, ...stamp(user) }, "knowledge.key-trust");
		},
		removeKey: async ({ name }, { user }) => {
			let removed: StoredBundleKey | undefined;
			const before = () => ({ id: removed?.id ?? "", mine: removed?.sealed !== null });
			await updateAudited(
				services,
				(data) => {
					removed = removeBundleKey(data, name);
				},
				() => ({ who: user, action: "knowledge.key-remove", object: removed?.name ?? name, before: before() }),
			);
			if (removed === undefined) throw new AppError("internal", "The key was not removed.");
			return shownKey(removed);
		},
	};
}

function shownKey({ sealed, sealedBy: _, ...key }: StoredBundleKey): BundleKey {
	return { ...key, mine: sealed !== null };
}

function placeOf(id: string) {
	return { table: "bundle-key", id, version: 1 };
}

function signerOf(all: readonly StoredBundleKey[], name: string | undefined): StoredBundleKey {
	const own = all.filter(({ sealed }) => sealed !== null);
	const wanted = name === undefined ? own : own.filter((one) => one.name === name || one.id === name);
	const [only, other] = wanted;
	if (only !== undefined && other === undefined) return only;
	if (only === undefined) {
		throw new AppError(
			"not-found",
			name === undefined ? "There is no key to sign with." : `No key "${name}" signs here.`,
			{
				hint: "Make one: vedette knowledge key new NAME",
			},
		);
	}
	throw new AppError("invalid", `There are several keys to sign with: ${own.map((one) => one.name).join(", ")}.`, {
		hint: "Say which: --key NAME",
	});
}

function lostSecret(name: string): AppError {
	return new AppError("unavailable", `The secret half of "${name}" cannot be opened.`, {
		hint: "The key of this home's secrets is another one now. Make a new key: vedette knowledge key new NAME",
	});
}
