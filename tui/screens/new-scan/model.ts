/** The form of a new scan: five fields, one of them active, the profiles there are, and what the scan would cost. Pure. */
import type { Profile } from "../../../protocol/model/profile.ts";
import type { ScanEstimate } from "../../../protocol/model/scan.ts";
import type { ListFailure } from "../../state/paged-list.ts";
import { proposedText, type TextField, textField } from "../../state/text-field.ts";

export const fieldNames = ["targets", "ports", "exclusions", "profile", "window"] as const;
export type FieldName = (typeof fieldNames)[number];

export interface FormModel {
	readonly fields: Readonly<Record<FieldName, TextField>>;
	readonly active: FieldName;
	/** Those there are; empty until they have come: then a name can be typed. */
	readonly profiles: readonly Profile[];
	readonly estimate: ScanEstimate | undefined;
	/** The estimate is of what is typed now. */
	readonly isCurrent: boolean;
	readonly failure: ListFailure | undefined;
	/** The request the estimate belongs to; an answer to an older one is not taken. */
	readonly asked: number;
	readonly isStarting: boolean;
}

export type FormEvent =
	| { readonly kind: "edit"; readonly field: TextField }
	| { readonly kind: "step"; readonly by: number }
	| { readonly kind: "profiles"; readonly profiles: readonly Profile[] }
	/** Another profile: the next, or the next that begins so. */
	| { readonly kind: "choose"; readonly by: number; readonly start?: string }
	| { readonly kind: "asked" }
	| { readonly kind: "estimate"; readonly asked: number; readonly estimate: ScanEstimate }
	| { readonly kind: "failed"; readonly asked: number; readonly failure: ListFailure }
	| { readonly kind: "starting" };

/** Without targets this machine is proposed. */
export function emptyForm(targets: string | undefined, ports: string, profile = "Initial"): FormModel {
	return {
		fields: {
			...{ targets: targets === undefined ? proposedText("127.0.0.1") : textField(targets), ports: textField(ports) },
			...{ exclusions: textField(""), profile: textField(profile), window: textField("") },
		},
		active: "targets",
		profiles: [],
		estimate: undefined,
		isCurrent: false,
		failure: undefined,
		asked: 0,
		isStarting: false,
	};
}

export function reduceForm(form: FormModel, event: FormEvent): FormModel {
	switch (event.kind) {
		case "edit":
			return { ...form, fields: { ...form.fields, [form.active]: event.field }, failure: undefined, isCurrent: false };
		case "step": {
			const at = fieldNames.indexOf(form.active) + event.by;
			return { ...form, active: fieldNames[(at + fieldNames.length) % fieldNames.length] ?? form.active };
		}
		case "profiles":
			return { ...form, profiles: event.profiles };
		case "choose":
			return choose(form, event.by, event.start ?? "");
		case "asked":
			return { ...form, asked: form.asked + 1 };
		case "estimate":
			return event.asked === form.asked
				? { ...form, estimate: event.estimate, isCurrent: true, failure: undefined }
				: form;
		case "failed":
			return event.asked === form.asked
				? { ...form, estimate: undefined, isCurrent: false, failure: event.failure, isStarting: false }
				: form;
		case "starting":
			return { ...form, isStarting: true };
	}
}

/** The profile that is chosen, when it is one of those there are. */
export function chosenProfile({ fields, profiles }: FormModel): Profile | undefined {
	const wanted = fields.profile.text.trim().toLowerCase();
	return profiles.find(({ name }) => name.toLowerCase() === wanted);
}

function choose(form: FormModel, by: number, start: string): FormModel {
	const { profiles, fields } = form;
	const chosen = chosenProfile(form);
	const now = chosen === undefined ? -1 : profiles.indexOf(chosen);
	const begins = start.toLowerCase();
	for (let step = 1; step <= profiles.length; step++) {
		const at = (now + by * step + profiles.length * 2) % profiles.length;
		const name = profiles[at]?.name ?? "";
		if (!name.toLowerCase().startsWith(begins)) continue;
		return { ...form, fields: { ...fields, profile: textField(name) }, failure: undefined, isCurrent: false };
	}
	return form;
}

interface ScanAsked {
	targets: string[];
	exclusions?: string[];
	ports?: string;
	profile: string;
	window?: { during: string };
}

/** The request as the daemon takes it; undefined while there is no target. */
export function requestOf({ fields }: FormModel): ScanAsked | undefined {
	const words = (text: string) => text.split(/[\s,;]+/).filter((word) => word !== "");
	const targets = words(fields.targets.text);
	if (targets.length === 0) return undefined;
	const ports = fields.ports.text.trim();
	const exclusions = words(fields.exclusions.text);
	const during = fields.window.text.trim();
	return {
		targets,
		...(exclusions.length === 0 ? {} : { exclusions }),
		...(ports === "" ? {} : { ports }),
		profile: fields.profile.text.trim() || "Initial",
		...(during === "" ? {} : { window: { during } }),
	};
}
