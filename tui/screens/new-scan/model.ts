/** The form of a new scan: three fields, one of them active, and what the scan would cost. Pure. */
import type { ScanEstimate } from "../../../protocol/model/scan.ts";
import type { ListFailure } from "../../state/paged-list.ts";
import { type TextField, textField } from "../../state/text-field.ts";

export const fieldNames = ["targets", "ports", "profile"] as const;
export type FieldName = (typeof fieldNames)[number];

export interface FormModel {
	readonly fields: Readonly<Record<FieldName, TextField>>;
	readonly active: FieldName;
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
	| { readonly kind: "asked" }
	| { readonly kind: "estimate"; readonly asked: number; readonly estimate: ScanEstimate }
	| { readonly kind: "failed"; readonly asked: number; readonly failure: ListFailure }
	| { readonly kind: "starting" };

export function emptyForm(targets: string, ports: string): FormModel {
	return {
		fields: { targets: textField(targets), ports: textField(ports), profile: textField("Initial") },
		active: "targets",
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

/** The request as the daemon takes it; undefined while there is no target. */
export function requestOf(form: FormModel): { targets: string[]; ports?: string; profile: string } | undefined {
	const targets = form.fields.targets.text.split(/[\s,;]+/).filter((target) => target !== "");
	if (targets.length === 0) return undefined;
	const ports = form.fields.ports.text.trim();
	return { targets, ...(ports === "" ? {} : { ports }), profile: form.fields.profile.text.trim() || "Initial" };
}
