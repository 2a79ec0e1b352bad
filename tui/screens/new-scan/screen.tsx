/** The dialog that starts a scan: what, without what, which ports, how; it shows what that would cost while one types. */
import { list as listProfiles } from "../../../protocol/methods/profiles.ts";
import { estimate, start } from "../../../protocol/methods/scans.ts";
import { portsText } from "../../../protocol/model/profile.ts";
import type { ScanEstimate } from "../../../protocol/model/scan.ts";
import { Dialog } from "../../components/dialog/dialog.tsx";
import { formTargets } from "../../components/dialog/form-targets.ts";
import { editingAction, keyOf } from "../../keys/find-binding.ts";
import { failureOf } from "../../state/list-loader.ts";
import { createStore } from "../../state/store.ts";
import { editText, insertText, visibleText } from "../../state/text-field.ts";
import { wrap } from "../../text/fit.ts";
import { compact, count, duration, plural } from "../../text/format.ts";
import { windowWords } from "../../text/window-words.ts";
import { cell, line } from "../../theme/line.ts";
import { handle, type Question, type Screen, type ScreenContext } from "../view.ts";
import {
	chosenProfile,
	emptyForm,
	type FieldName,
	type FormEvent,
	type FormModel,
	fieldNames,
	reduceForm,
	requestOf,
} from "./model.ts";

/** The estimate is asked for when typing pauses this long. Milliseconds. */
const pauseMs = 150;
const labelWidth = 10;

export const newScan: Screen<"new-scan"> = {
	id: "new-scan",
	title: "New scan",
	open(route, context) {
		const store = createStore<FormModel>(emptyForm(route.targets, route.ports ?? "", route.profile));
		const stopWatching = store.watch(context.changed);
		const dispatch = (event: FormEvent) => store.set(reduceForm(store.get(), event));
		let timer: NodeJS.Timeout | undefined;
		let place = { x: 0, y: 0 };
		let isClosed = false;

		function askSoon(): void {
			clearTimeout(timer);
			timer = setTimeout(() => void ask(), pauseMs);
		}

		/** Undefined when there is nothing to ask, it was refused, or more was typed meanwhile. */
		async function ask(): Promise<ScanEstimate | undefined> {
			clearTimeout(timer);
			const request = requestOf(store.get());
			if (!request) return undefined;
			dispatch({ kind: "asked" });
			const { asked, fields } = store.get();
			try {
				const answer = await context.client.call(estimate, request);
				dispatch({ kind: "estimate", asked, estimate: answer });
				return store.get().fields === fields ? answer : undefined;
			} catch (err) {
				dispatch({ kind: "failed", asked, failure: failureOf(err) });
				return undefined;
			}
		}

		function go(confirm: boolean): void {
			const request = requestOf(store.get());
			if (!request) return;
			dispatch({ kind: "starting" });
			const { asked } = store.get();
			context.client.call(start, { ...request, confirm }).then(
				(scan) => {
					if (isClosed) context.toast("good", `Scan ${scan.id} has started all the same.`);
					else context.replace({ to: "scan", scan: scan.id });
				},
				(err: unknown) => {
					if (isClosed) context.fail(err);
					else dispatch({ kind: "failed", asked, failure: failureOf(err) });
				},
			);
		}

		/** What is typed is what is asked about: an estimate that lags behind the typing is asked for again first. */
		async function submit(): Promise<void> {
			const { estimate: shown, isCurrent } = store.get();
			const known = shown && isCurrent ? shown : await ask();
			if (!known || isClosed) return;
			if (known.needsConfirmation) context.open({ to: "confirm", question: sizeQuestion(known, () => go(true)) });
			else go(false);
		}

		void ask();
		// Without them a name can be typed.
		context.client.call(listProfiles, {}).then(
			({ items }) => dispatch({ kind: "profiles", profiles: items }),
			() => undefined,
		);
		const handlers = handle<"form">({
			"next-field": { run: () => dispatch({ kind: "step", by: 1 }) },
			"previous-field": { run: () => dispatch({ kind: "step", by: -1 }) },
			submit: {
				run: () => void submit(),
				word: () => "starts",
				disabled() {
					if (!requestOf(store.get())) return "Type at least one target: an address, a range, a network or a name.";
					return store.get().isStarting ? "The scan is being started." : undefined;
				},
			},
		});

		return {
			route,
			isDialog: true,
			scopes: ["form"],
			handlers,
			targets: () => formTargets(context, "starts", handlers),
			lineTargets: () =>
				fieldNames.map((name, index) => ({
					text: labels[name],
					run: () => dispatch({ kind: "step", by: index - fieldNames.indexOf(store.get().active) }),
				})),
			takeKey(key) {
				const form = store.get();
				const field = form.fields[form.active];
				const action = editingAction(key);
				if (action === "accept" || action === "leave") return false;
				if (form.active === "profile" && form.profiles.length > 0) {
					if (action === "left" || action === "right") dispatch({ kind: "choose", by: action === "left" ? -1 : 1 });
					else if (key === "space") dispatch({ kind: "choose", by: 1 });
					else if ([...key].length === 1) dispatch({ kind: "choose", by: 1, start: key });
					else return action !== undefined;
				} else if (action) dispatch({ kind: "edit", field: editText(field, action) });
				else if (key === "space" || [...key].length === 1) {
					dispatch({ kind: "edit", field: insertText(field, key === "space" ? " " : key) });
				} else return false;
				askSoon();
				return true;
			},
			takePaste(text) {
				const form = store.get();
				if (form.active === "profile" && form.profiles.length > 0) return;
				dispatch({ kind: "edit", field: insertText(form.fields[form.active], text) });
				askSoon();
			},
			crumbs: () => ({ path: [] }),
			Body: ({ columns, rows }) => (
				<Dialog
					columns={columns}
					rows={rows}
					width={74}
					height={23}
					title="New scan"
					onPlace={(x, y) => {
						place = { x, y };
					}}
					content={(width, height) => drawForm(store.get(), width, height, place, context)}
				/>
			),
			close() {
				isClosed = true;
				clearTimeout(timer);
				stopWatching();
			},
		};
	},
};

const labels: Record<FieldName, string> = {
	...{ targets: "Targets", ports: "Ports", exclusions: "Without", profile: "Profile", window: "Only" },
};

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

/** What it costs, the keys, and blanks between. */
const rowsBelow = 8;

function drawForm(
	form: FormModel,
	width: number,
	height: number,
	place: { x: number; y: number },
	context: ScreenContext,
): string[] {
	const isChoice = form.profiles.length > 0;
	let spare = height - fieldNames.length * 2 - rowsBelow;
	// Where they would push out what the scan costs, hints stand only where one is, and there are no blanks.
	const isTight = spare < 0;
	const blanks = isTight ? [] : [line(width, [])];
	const rows = [...blanks];
	for (const name of fieldNames) {
		const isActive = name === form.active;
		const room = width - labelWidth - 3;
		const shown = visibleText(form.fields[name], room - 1);
		const isChosen = name === "profile" && isChoice;
		const text = isChosen ? (isActive ? `‹ ${shown.text} ›` : `  ${shown.text}`) : ` ${shown.text}`;
		if (isActive && !isChosen) {
			context.setCursor({ x: place.x + 2 + labelWidth + 3 + shown.column, y: place.y + 1 + rows.length });
		}
		rows.push(
			line(width, [
				[isActive ? "▸ " : "  ", "marker"],
				[labels[name].padEnd(labelWidth), isActive ? "accent" : "muted"],
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
	rows.push(
		line(width, [
			[keyOf("form", "submit"), "key"],
			[" starts   ", "muted"],
			[keyOf("form", "next-field"), "key"],
			[" next field   ", "muted"],
			...(isChoice && form.active === "profile"
				? ([
						["← →", "key"],
						[" choose   ", "muted"],
					] as const)
				: []),
			[keyOf("everywhere", "back"), "key"],
			[" leaves", "muted"],
		]),
	);
	return rows;
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

function sizeQuestion(estimated: ScanEstimate, run: () => void): Question {
	return {
		title: "Start a scan of this size?",
		effect: [
			`${plural(estimated.addresses, "address", "addresses")}${estimated.ports === 0 ? ", no ports" : ` × ${plural(estimated.ports, "port")}`}: ${plural(estimated.probes, "probe")}.`,
			`It takes about ${duration(estimated.seconds)} if every address is alive.`,
		],
		yes: "Start it",
		no: "Change it",
		run,
	};
}
