/** Changing a setting in place, or going to where it is changed. */
import { mayAccess } from "../../../protocol/define.ts";
import { set } from "../../../protocol/methods/settings.ts";
import type { Setting } from "../../../protocol/model/setting.ts";
import type { FormField, Route, ScreenContext } from "../../screens/view.ts";
import { reversible } from "../../state/undo.ts";

/** Where what is a list of its own is shown. */
const places: Readonly<Record<string, Route>> = {
	"scans.profiles": { to: "profiles" },
	"knowledge.sources": { to: "knowledge" },
	"knowledge.keys": { to: "bundle-keys" },
	"purges.rules": { to: "purge-rules" },
	"policy.rules": { to: "policy" },
	"recipes.schedules": { to: "recipes" },
	"access.grants": { to: "access" },
	"audit.kept": { to: "audit" },
};

/** Opens the form, or the screen where it is changed; says how where there is neither. */
export function openSetting(context: ScreenContext, setting: Setting, done: () => void): void {
	const place = places[setting.id];
	const whyNot = whyNotEdited(context, setting);
	if (setting.edit !== null && whyNot === undefined) editSetting(context, setting, setting.edit, done);
	else if (setting.edit !== null) context.toast("info", whyNot ?? "");
	else if (place !== undefined) context.open(place);
	else context.toast("info", elsewhere(setting));
}

/** Why it cannot be changed in place by who is asking; undefined: it can. */
export function whyNotEdited({ client, mayOperate }: ScreenContext, setting: Setting): string | undefined {
	if (setting.edit === null) return elsewhere(setting);
	if (!mayOperate() && client.hello.access !== "read") return "This console only looks.";
	if (mayAccess(client.hello.access, setting.edit.access)) return undefined;
	return `It needs ${setting.edit.access} access; yours is ${client.hello.access}.`;
}

/** Back to the default, which `u` takes back. */
export function resetSetting(context: ScreenContext, { id, title, value }: Setting, done: () => void): void {
	context.client.call(set, { id, value: "" }).then((now) => {
		context.offerUndo(
			reversible(`${title}: ${now.shown}`, {
				again: () => context.client.call(set, { id, value: "" }),
				back: () => context.client.call(set, { id, value }),
				done,
			}),
		);
		done();
	}, context.fail);
}

function editSetting(
	context: ScreenContext,
	{ id, title, value, about, default: standard }: Setting,
	{ hint, choices, asksWhy }: NonNullable<Setting["edit"]>,
	done: () => void,
): void {
	const field: FormField = {
		...{ name: "value", label: "Value", hint },
		...(choices.length === 0 ? { value } : { value: value || (choices.at(-1) ?? ""), choices }),
	};
	const why: FormField = { name: "reason", label: "Why", value: "", hint: "kept with it, and shown" };
	context.open({
		to: "form",
		form: {
			...{ title, verb: "sets it", fields: asksWhy ? [field, why] : [field] },
			preview: () => [about, ...(standard === "" ? [] : [`Empty is the default: ${standard}.`])],
			async submit({ value: wanted = "", reason = "" }) {
				const now = await context.client.call(set, { id, value: wanted, reason });
				const told = `${title}: ${now.shown}`;
				// What wants a reason is not taken back without one.
				if (asksWhy || wanted.trim() === value) context.toast("good", `${told}.`);
				else {
					context.offerUndo(
						reversible(told, {
							again: () => context.client.call(set, { id, value: wanted }),
							back: () => context.client.call(set, { id, value }),
							done,
						}),
					);
				}
				done();
				return undefined;
			},
		},
	});
}

function elsewhere({ title, command, source }: Setting): string {
	if (command !== null) return `${title} is changed elsewhere: ${command}`;
	return source === "built-in"
		? "It is part of how Vedette works and cannot be changed."
		: "It cannot be changed here.";
}
