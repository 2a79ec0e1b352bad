/** The dialog that starts a scan: what, without what, which ports, how; it shows what that would cost while one types. */
import { list as listProfiles } from "../../../protocol/methods/profiles.ts";
import { estimate, start } from "../../../protocol/methods/scans.ts";
import type { ScanEstimate } from "../../../protocol/model/scan.ts";
import { Dialog } from "../../components/dialog/dialog.tsx";
import { formTargets } from "../../components/dialog/form-targets.ts";
import { editingAction } from "../../keys/find-binding.ts";
import { failureOf } from "../../state/list-loader.ts";
import { createStore } from "../../state/store.ts";
import { editText, insertText } from "../../state/text-field.ts";
import { duration, plural } from "../../text/format.ts";
import { handle, type Question, type Screen } from "../view.ts";
import { drawNewScan, fieldLabels } from "./draw.ts";
import { emptyForm, type FormEvent, type FormModel, fieldNames, reduceForm, requestOf } from "./model.ts";

/** The estimate is asked for when typing pauses this long. Milliseconds. */
const pauseMs = 150;

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
					text: fieldLabels[name],
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
					content={(width, height) => {
						const { rows: drawn, cursor } = drawNewScan(store.get(), width, height);
						if (cursor) context.setCursor({ x: place.x + 2 + cursor.x, y: place.y + 1 + cursor.y });
						return drawn;
					}}
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
