/** The dialog that starts a scan, drawn: its fields with what they take, and below what that would cost. Pure. */
import { portsText } from "../../../protocol/model/profile.ts";
import { formKeys } from "../../components/dialog/form-keys.ts";
import { visibleText } from "../../state/text-field.ts";
import { wrap } from "../../text/fit.ts";
import { compact, count, duration, plural } from "../../text/format.ts";
import { windowWords } from "../../text/window-words.ts";
import { cell, line } from "../../theme/line.ts";
import { chosenProfile, type FieldName, type FormModel, fieldNames, requestOf } from "./model.ts";

const labelWidth = 10;

export const fieldLabels: Readonly<Record<FieldName, string>> = {
	...{ targets: "Targets", ports: "Ports", exclusions: "Without", profile: "Profile", window: "Only" },
};

/** What it costs, the keys, and blanks between. */
const rowsBelow = 8;

export interface DrawnNewScan {
	readonly rows: string[];
	/** Where one types, from the left upper corner. */
	readonly cursor: { readonly x: number; readonly y: number } | undefined;
}

export function drawNewScan(form: FormModel, width: number, height: number): DrawnNewScan {
	const isChoice = form.profiles.length > 0;
	let spare = height - fieldNames.length * 2 - rowsBelow;
	// Where they would push out what the scan costs, hints stand only where one is, and there are no blanks.
	const isTight = spare < 0;
	const blanks = isTight ? [] : [line(width, [])];
	const rows = [...blanks];
	let cursor: DrawnNewScan["cursor"];
	for (const name of fieldNames) {
		const isActive = name === form.active;
		const room = width - labelWidth - 3;
		const shown = visibleText(form.fields[name], room - 1);
		const isChosen = name === "profile" && isChoice;
		const text = isChosen ? (isActive ? `‹ ${shown.text} ›` : `  ${shown.text}`) : ` ${shown.text}`;
		if (isActive && !isChosen) cursor = { x: labelWidth + 3 + shown.column, y: rows.length };
		rows.push(
			line(width, [
				[isActive ? "▸ " : "  ", "marker"],
				[fieldLabels[name].padEnd(labelWidth), isActive ? "accent" : "muted"],
				cell(text, room + 1, isActive ? "tabActive" : "chip"),
			]),
		);
		if (isTight && !isActive) continue;
		const hint = hintOf(form, name);
		const wrapped = wrap(hint, room);
		const isWhole = isActive || wrapped.length - 1 <= spare;
		if (isWhole) spare -= wrapped.length - 1;
		for (const part of isWhole ? wrapped : [hint])
			rows.push(line(width, [["".padEnd(labelWidth + 3)], [part, "faint"]]));
	}
	rows.push(...blanks, ...costLines(form, width, height - rows.length - blanks.length - 1));
	while (rows.length < height - 1) rows.push(line(width, []));
	rows.push(formKeys({ verb: "starts", hasNext: true, isChoice: isChoice && form.active === "profile" }, width));
	return { rows, cursor };
}

function hintOf(form: FormModel, name: FieldName): string {
	const profile = chosenProfile(form);
	switch (name) {
		case "targets":
			return "10.0.0.7 10.0.0.0/24 10.0.0.1-20 web-01 group:Web";
		case "ports":
			return profile
				? `empty: ${portsText(profile.options.ports)}, as the profile says`
				: "light, full, 22,80,8000-8100; empty: as the profile says";
		case "exclusions":
			return "gets no packet, besides what is excluded from every scan";
		case "window":
			return profile?.options.window
				? `empty: ${windowWords(profile.options.window)}, as the profile says`
				: "Mon-Fri 20:00-06:00, Sat-Sun 00:00-24:00; empty: at any time";
		case "profile":
			return profile?.options.description ?? "how: Initial, Light inventory, or one of your own";
	}
}

function costLines(form: FormModel, width: number, height: number): string[] {
	if (form.failure) {
		const sentences = [form.failure.message, form.failure.hint ?? ""].flatMap((text) => wrap(text, width - 2));
		return sentences
			.filter((text) => text !== "")
			.slice(0, height)
			.map((text, index) =>
				line(width, [
					[index === 0 ? "✗ " : "  ", "bad"],
					[text, "bad"],
				]),
			);
	}
	if (!requestOf(form)) return [line(width, [["Type what to look at.", "muted"]])];
	if (!form.estimate) return [line(width, [["Working out what that would cost …", "faint"]])];
	const {
		addresses,
		excluded,
		ports,
		probes,
		seconds,
		heldBy,
		needsConfirmation,
		warnings,
		logins = 0,
	} = form.estimate;
	const rows = [
		line(width, [
			[count(addresses), "strong"],
			[` ${addresses === 1 ? "address" : "addresses"} × `, "muted"],
			[count(ports), "strong"],
			[` ${ports === 1 ? "port" : "ports"} = `, "muted"],
			[compact(probes), "strong"],
			[" probes", "muted"],
		]),
		line(width, [
			[seconds < 1 ? "takes " : "takes about ", "muted"],
			[duration(seconds), "strong"],
			[addresses === 1 ? "" : " if every address is alive", "muted"],
		]),
	];
	if (logins > 0)
		rows.push(
			line(width, [
				["on top come logins to ", "muted"],
				[addresses === 1 ? "it" : logins === addresses ? "all of them" : `${count(logins)} of them`, "strong"],
				[", for which there is a credential", "muted"],
			]),
		);
	if (seconds >= 10 && heldBy !== undefined)
		rows.push(line(width, [[`held by ${heldBy}, as the profile says`, "muted"]]));
	if (excluded > 0) rows.push(line(width, [[`${plural(excluded, "address is", "addresses are")} excluded.`, "muted"]]));
	if (needsConfirmation)
		rows.push(
			line(width, [
				["▲ ", "warning"],
				["A large scan: you will be asked once more.", "warning"],
			]),
		);
	for (const warning of warnings)
		for (const text of wrap(warning, width - 2))
			rows.push(
				line(width, [
					["▲ ", "warning"],
					[text, "warning"],
				]),
			);
	return rows.slice(0, Math.max(1, height));
}
