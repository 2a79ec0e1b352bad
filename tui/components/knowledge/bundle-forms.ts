/** The forms about bundles of knowledge and their keys: write, look into and take in; make, trust and remove. */
import { AppError } from "../../../protocol/errors.ts";
import * as knowledge from "../../../protocol/methods/knowledge.ts";
import type { BundleKey } from "../../../protocol/model/knowledge-bundle.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { Route, ScreenContext } from "../../screens/view.ts";
import { bundleLines } from "../../text/bundle-words.ts";
import { bytesText } from "../../text/update-words.ts";
import { lineOf } from "./describe-bundle.ts";

const onDaemon = "the whole path on the daemon's machine: /media/usb/monday.vdb";

export function openCreateBundle(context: ScreenContext, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: "Write the knowledge into one signed file",
			verb: "writes it",
			fields: [
				{ name: "path", label: "File", value: "", hint: onDaemon },
				{
					...{ name: "since", label: "Since", value: "" },
					hint: "last, a state's hash or a bundle's path: only what has changed since; empty for all",
				},
				{ name: "key", label: "Key", value: "", hint: "which of one's own signs it; empty where there is only one" },
			],
			async submit({ path = "", since = "", key = "" }) {
				const made = await context.client.call(knowledge.createBundle, {
					path: path.trim(),
					...(since.trim() === "" ? {} : { since: since.trim() }),
					...(key.trim() === "" ? {} : { key: key.trim() }),
				});
				context.toast("good", `${made.file}: ${bytesText(made.bytes)}, signed by ${made.key}.`);
				done();
				return undefined;
			},
		},
	});
}

export function openImportBundle(context: ScreenContext, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: "Look into a bundle",
			verb: "looks into it",
			fields: [{ name: "path", label: "File", value: "", hint: onDaemon }],
			preview: () => ["Nothing is taken in before you have seen who signed it and what it brings."],
			submit: ({ path = "" }) => lookInto(context, path.trim(), done),
		},
	});
}

async function lookInto(context: ScreenContext, path: string, done: () => void): Promise<Route> {
	const { bundle } = await context.client.call(knowledge.inspectBundle, { path });
	if (bundle === null) {
		throw new AppError("invalid", "It is no bundle.", {
			hint: `Feeds are taken in from the list of knowledge, with ${keyOf("knowledge", "import")}.`,
		});
	}
	const lines = bundleLines(bundle).map((line) => line.trim().replace(/ {2,}/g, " "));
	if (bundle.why !== null)
		throw new AppError("conflict", lines.at(-1) ?? bundle.why, {
			hint: lines.find((line) => line.startsWith("signature")) ?? "",
		});
	return {
		to: "confirm",
		question: {
			title: "Take this bundle in?",
			effect: lines.slice(0, -1),
			yes: "Take it in",
			no: "Leave it",
			async run() {
				const { changed } = await context.client.call(knowledge.importBundle, { path });
				context.toast("good", changed.length === 0 ? "Nothing new in it." : `Taken in: ${changed.join(", ")}.`);
				done();
			},
		},
	};
}

export function openNewKey(context: ScreenContext, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: "Make a key that signs bundles",
			verb: "makes it",
			fields: [{ name: "name", label: "Name", value: "", hint: "what others know this machine by: office" }],
			async submit({ name = "" }) {
				const made = await context.client.call(knowledge.newKey, { name: name.trim() });
				done();
				return lineForm(made.key, made.line);
			},
		},
	});
}

export function showKeyLine(context: ScreenContext, key: Pick<BundleKey, "name" | "publicKey">): void {
	context.open(lineForm(key, lineOf(key)));
}

/** A field, so that all of a long line can be gone through and taken by the terminal. */
function lineForm({ name }: Pick<BundleKey, "name">, line: string): Route {
	return {
		to: "form",
		form: {
			title: `${name} is trusted elsewhere by this line`,
			verb: "closes",
			fields: [{ name: "line", label: "Line", value: line, hint: "there: vedette knowledge key trust 'LINE', or t" }],
			submit: () => Promise.resolve(undefined),
		},
	};
}

export function openTrustKey(context: ScreenContext, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: "Trust what another machine signs",
			verb: "trusts it",
			fields: [
				{ name: "line", label: "Line", value: "", hint: "vedette-key …, as it was told there" },
				{ name: "name", label: "Called here", value: "", hint: "empty: as it is called there" },
			],
			async submit({ line = "", name = "" }) {
				const trusted = await context.client.call(knowledge.trustKey, {
					line: line.trim(),
					...(name.trim() === "" ? {} : { name: name.trim() }),
				});
				context.toast(
					"good",
					`${trusted.name} is trusted. Its id is ${trusted.id}: compare it with what is said there.`,
				);
				done();
				return undefined;
			},
		},
	});
}

export function openRemoveKey(
	context: ScreenContext,
	{ name, mine }: Pick<BundleKey, "name" | "mine">,
	done: () => void,
): void {
	context.open({
		to: "confirm",
		question: {
			title: `Trust ${name} no longer?`,
			effect: [
				"What was taken in by it stays.",
				...(mine
					? ["Its secret half goes too: nothing can be signed with it any more, and that cannot be undone."]
					: []),
			],
			yes: "Remove the key",
			no: "Keep it",
			run() {
				context.client.call(knowledge.removeKey, { name }).then(() => {
					context.toast("good", `${name} is trusted no longer.`);
					done();
				}, context.fail);
			},
		},
	});
}
