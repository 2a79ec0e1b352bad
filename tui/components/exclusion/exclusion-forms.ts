/** The forms about exclusions: adding, ending, and the ports that are never talked to. */
import { type MethodParams, mayAccess } from "../../../protocol/define.ts";
import { add, fragilePorts, remove, setFragilePorts } from "../../../protocol/methods/exclusions.ts";
import type { Exclusion } from "../../../protocol/model/exclusion.ts";
import type { ScreenContext } from "../../screens/view.ts";
import { repeatable, reversible } from "../../state/undo.ts";
import { plural } from "../../text/format.ts";
import { parseUntil } from "./parse-until.ts";

/** `done` is called when the list has changed. */
export function openAdd(context: ScreenContext, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: "Exclude from every scan and map",
			verb: "excludes",
			fields: [
				{
					name: "targets",
					label: "Targets",
					value: "",
					hint: "192.0.2.7  192.0.2.0/28  192.0.2.1-192.0.2.9  printer-3",
				},
				{
					name: "comment",
					label: "Why",
					value: "",
					hint: "for whoever wonders later: label printer, breaks when scanned",
				},
				{ name: "until", label: "Until", value: "", hint: "2027-03-31, or 12h, 30d, 8w from now; empty: for good" },
			],
			preview: ({ until = "" }) => [
				until.trim() === ""
					? "Running scans and maps that reach into it stop there at once and go on without it."
					: `Until ${parseUntil(until, context.now()).slice(0, 16).replace("T", " ")} UTC.`,
				...(mayTakeBack(context) ? [] : ["Only who has admin access can take it back."]),
			],
			async submit({ targets = "", comment = "", until = "" }) {
				const words = targets.split(/[\s,;]+/).filter((one) => one !== "");
				const expiresAt = until.trim() === "" ? null : parseUntil(until, context.now());
				const wish = { targets: words, comment, expiresAt };
				const added = await repeatable(() => excludeOnce(context, wish), done);
				if (mayTakeBack(context)) context.offerUndo(added);
				else context.toast("good", `${added.what}.`);
				return undefined;
			},
		},
	});
}

/** Taking an exclusion back lets packets through again, which is an administrator's to decide. */
function mayTakeBack({ client }: ScreenContext): boolean {
	return mayAccess(client.hello.access, "admin");
}

async function excludeOnce({ client }: ScreenContext, wish: MethodParams<typeof add>) {
	const { added, scans, maps } = await client.call(add, wish);
	return {
		what: `${plural(added.length, "target is", "targets are")} excluded${goingOn(scans, maps)}`,
		back: () => client.call(remove, { exclusions: added.map(({ id }) => id), comment: "undone at once" }),
	};
}

export function openEnd(context: ScreenContext, exclusion: Exclusion, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: `End the exclusion of ${exclusion.target}`,
			verb: "ends it",
			fields: [{ name: "comment", label: "Why", value: "", hint: "kept in the history" }],
			preview: () => ["Scans and maps that are started or resumed from now on may reach it again."],
			async submit({ comment = "" }) {
				const { target, comment: why, expiresAt } = exclusion;
				const again = { targets: [target], comment: why, expiresAt };
				let number = exclusion.id;
				const end = async () => {
					await context.client.call(remove, { exclusions: [number], comment });
					return {
						what: `${target} is not excluded any more`,
						async back() {
							const { added } = await context.client.call(add, again);
							number = added[0]?.id ?? number;
						},
					};
				};
				context.offerUndo(await repeatable(end, done));
				return undefined;
			},
		},
	});
}

export function openFragilePorts(context: ScreenContext): void {
	context.opens(
		context.client.call(fragilePorts, {}).then(({ always, further }) => {
			context.open({
				to: "form",
				form: {
					title: "Ports that get a connect and not one byte",
					verb: "saves",
					fields: [
						{ name: "further", label: "Ports", value: further, hint: "such as 502,20000-20010; empty for none" },
					],
					preview: () => [`Besides those on which printers print what they receive: ${always}.`],
					async submit({ further: ports = "" }) {
						const set = await context.client.call(setFragilePorts, { further: ports });
						context.offerUndo(
							reversible(`Fragile ports: ${set.further || "none"}${goingOn(set.scans, set.maps)}`, {
								again: () => context.client.call(setFragilePorts, { further: ports }),
								back: () => context.client.call(setFragilePorts, { further }),
								done: () => undefined,
							}),
						);
						return undefined;
					},
				},
			});
		}),
	);
}

function goingOn(scans: readonly number[], maps: readonly number[]): string {
	const running = [
		...(scans.length > 0 ? [plural(scans.length, "scan")] : []),
		...(maps.length > 0 ? [plural(maps.length, "map")] : []),
	];
	return running.length === 0 ? "" : `; ${running.join(" and ")} halted and went on by it`;
}
