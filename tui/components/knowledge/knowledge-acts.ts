/** What can be done about the knowledge from the console: fetch, take in, go back, say from where and when. */
import * as knowledge from "../../../protocol/methods/knowledge.ts";
import type { UpdateReport } from "../../../protocol/model/knowledge-update.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { Handler, Question, ScreenContext } from "../../screens/view.ts";
import { plural } from "../../text/format.ts";
import { refusedLines } from "../../text/update-words.ts";
import type { FeedRow } from "./feed-rows.ts";

/** Goes on in the daemon when the console goes away; `done` is called when it has ended. */
export function startUpdate(context: ScreenContext, names: string[], done: () => void): void {
	context.toast("info", "The update runs in the daemon; the console may be left.");
	context.client
		.call(knowledge.update, { names, diff: false })
		.then(({ report }) => context.toast(...outcomeOf(report)), context.fail)
		.finally(done);
}

function outcomeOf({ steps, swapped, cutOff }: UpdateReport): ["good" | "info" | "bad", string] {
	const bad = steps.filter(({ state }) => state === "failed" || state === "older");
	const updated = steps.filter(({ state }) => state === "updated").length;
	if (cutOff !== null) return ["info", `${cutOff} Nothing was taken in; what has come is kept.`];
	const [first] = bad;
	if (first !== undefined) {
		const rest = updated > 0 ? `; ${plural(updated, "feed is", "feeds are")} new` : "";
		const others = bad.length > 1 ? ` and ${bad.length - 1} more` : "";
		return ["bad", `${first.source}${others} failed: ${first.why ?? ""}${rest}`];
	}
	return swapped
		? [
				"good",
				`${plural(updated, "feed is", "feeds are")} new; all hosts are judged again. ${keyOf("knowledge", "changes")} shows what changed.`,
			]
		: ["good", "Nothing new: the knowledge is up to date."];
}

export function rollbackHandler(context: ScreenContext, hasPrevious: () => boolean, done: () => void): Handler {
	return {
		run() {
			context.open({
				to: "confirm",
				question: {
					title: "Go back to the knowledge before?",
					effect: [
						"All feeds are as they were before the last update or import, and all hosts are judged again.",
						"What is in force now is kept: going back again undoes this.",
					],
					yes: "Go back",
					no: "Leave it",
					run: () =>
						void context.client.call(knowledge.rollback, {}).then(() => {
							context.toast("good", "The knowledge before is in force again.");
							done();
						}, context.fail),
				},
			});
		},
		disabled: () => (hasPrevious() ? undefined : "There is no knowledge before this one."),
	};
}

export function editSource(context: ScreenContext, row: FeedRow | undefined, done: () => void): void {
	const source = row?.source ?? null;
	context.open({
		to: "form",
		form: {
			title: source === null ? "A source of your own" : `Where ${source.feed} comes from`,
			verb: "saves",
			fields: [
				...(source === null ? [{ name: "name", label: "Name", value: "", hint: "such as our-mirror" }] : []),
				{
					...{ name: "urls", label: "From", value: source?.urls.join(" ") ?? "" },
					hint: "https://… or file:///…; several, with a blank between, are tried in this order",
				},
				{
					...{ name: "sha256Url", label: "SHA-256", value: source?.sha256Url ?? "" },
					hint: "where its hash is published, as sha256sum writes it; empty for nowhere",
				},
				{ name: "licence", label: "Licence", value: source?.licence ?? "", hint: "of what it says" },
			],
			async submit({ name = source?.name ?? "", urls = "", sha256Url = "", licence = "" }) {
				const saved = await context.client.call(knowledge.setSource, {
					...{ name, licence, sha256Url: sha256Url.trim() === "" ? null : sha256Url.trim() },
					urls: urls.split(/\s+/).filter((one) => one !== ""),
				});
				context.toast("good", `${saved.name} comes from ${saved.urls[0]} from now on.`);
				done();
				return undefined;
			},
		},
	});
}

export function importFile(context: ScreenContext, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: "Take in a feed or a bundle from a file",
			verb: "takes it in",
			fields: [
				{
					name: "path",
					label: "File",
					value: "",
					hint: "the whole path on the daemon's machine: /media/usb/debian.zip",
				},
			],
			preview: () => ["A new base is made beside the one in force, which is kept to go back to."],
			async submit({ path = "" }) {
				const { text, leftOut } = await takeIn(context, path.trim());
				context.toast("good", text);
				done();
				return leftOut.length === 0 ? undefined : { to: "confirm", question: tellLeftOut(context, text, leftOut) };
			},
		},
	});
}

/** Taken in, but not all of it: that stays until it was read. */
function tellLeftOut(context: ScreenContext, text: string, leftOut: readonly string[]): Question {
	return {
		...{ title: text, effect: leftOut, yes: "See what it changes", no: "Close", isDone: true },
		run: () => context.open({ to: "knowledge-changes" }),
	};
}

/** `leftOut`: documents of a feed that nothing can be judged by, with the reasons. */
async function takeIn({ client }: ScreenContext, path: string): Promise<{ text: string; leftOut: string[] }> {
	const { bundle } = await client.call(knowledge.inspectBundle, { path });
	if (bundle === null) {
		const feed = await client.call(knowledge.import, { path });
		return { text: `${feed.name}: ${plural(feed.records, "record")} taken in.`, leftOut: refusedLines(feed.refused) };
	}
	const { changed } = await client.call(knowledge.importBundle, { path });
	const key = bundle.manifest.key.name;
	const text =
		changed.length === 0
			? `Nothing new in the bundle of "${key}".`
			: `Of the bundle of "${key}": ${changed.join(", ")}.`;
	return { text, leftOut: [] };
}

export function editSchedule(context: ScreenContext, done: () => void): void {
	context.opens(
		context.client.call(knowledge.sources, {}).then(({ settings }) => {
			context.open({
				to: "form",
				form: {
					title: "When the knowledge is updated",
					verb: "saves",
					fields: [
						{
							...{
								name: "hours",
								label: "Every",
								value: settings.everyHours === null ? "" : String(settings.everyHours),
							},
							hint: "hours; empty: nothing is fetched unless somebody asks",
						},
						{
							...{ name: "days", label: "Old after", value: String(settings.oldAfterDays) },
							hint: "days, from when on every screen warns of its age",
						},
					],
					async submit({ hours = "", days = "" }) {
						const everyHours = hours.trim() === "" ? null : Number(hours);
						await context.client.call(knowledge.configure, { everyHours, oldAfterDays: Number(days) });
						context.toast(
							"good",
							everyHours === null ? "Only when somebody asks." : `Every ${everyHours} hours from now on.`,
						);
						done();
						return undefined;
					},
				},
			});
		}),
	);
}
