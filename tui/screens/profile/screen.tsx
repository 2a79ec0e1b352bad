/** One option profile in one of its versions, the newest at first. */
import { get } from "../../../protocol/methods/profiles.ts";
import { drawFrame } from "../../components/frame/frame.ts";
import { describeProfile } from "../../components/profile/describe-profile.ts";
import { cloneHandler, deleteHandler, editHandler } from "../../components/profile/profile-forms.ts";
import { createReader } from "../../components/reader/reader-view.tsx";
import { Surface } from "../../terminal/surface.tsx";
import { age } from "../../text/format.ts";
import { personName } from "../../text/people.ts";
import { handle, type Screen } from "../view.ts";

export const profile: Screen<"profile"> = {
	id: "profile",
	title: "Profile",
	open(route, context) {
		let version: number | undefined;
		const load = () => context.client.call(get, { name: route.profile, ...(version === undefined ? {} : { version }) });
		const reader = createReader(context, load, (loaded) => [
			...describeProfile(loaded.profile),
			{ kind: "heading", text: "Versions" },
			...loaded.versions.map(
				(one) =>
					({
						kind: "pieces",
						pieces: [
							[one.version === loaded.profile.version ? "▸ " : "  ", "marker"],
							[`v${one.version}`.padEnd(6)],
							[one.editedAt === null ? "" : `${age(one.editedAt, context.now())} ago `, "muted"],
							[one.editedBy === null ? "" : personName(one.editedBy), "muted"],
						],
					}) as const,
			),
		]);
		const current = () => reader.value()?.profile;
		const newest = () => reader.value()?.versions[0]?.version;
		/** Old versions are shown, not edited. */
		const editable = () => (version === undefined || version === newest() ? current() : undefined);
		const step = (by: number) => ({
			run() {
				version = (current()?.version ?? 1) + by;
				reader.reload();
			},
			disabled() {
				const now = current()?.version ?? 1;
				const last = newest() ?? 1;
				if (by < 0) return now > 1 && !current()?.builtIn ? undefined : "It is the first version.";
				return now < last ? undefined : "It is the newest version.";
			},
		});
		const edit = editHandler(context, editable, () => {
			version = undefined;
			reader.reload();
		});
		return {
			route,
			scopes: ["profiles", "versions", "reader", "searching"],
			handlers: {
				...handle<"reader" | "searching">(reader.handlers),
				...handle<"versions">({ older: step(-1), newer: step(1) }),
				...handle<"profiles">({
					clone: cloneHandler(context, current, (name) => ({ to: "profile", profile: name })),
					edit: {
						...edit,
						disabled: () =>
							current() && !editable() ? "An old version cannot be edited; ] goes to the newest." : edit.disabled?.(),
					},
					delete: deleteHandler(context, current, () => context.close()),
					"scan-with": {
						run: () => context.open({ to: "new-scan", profile: route.profile }),
						disabled: () => (current() ? undefined : "The profile is not here yet."),
					},
				}),
			},
			rows: reader.rows,
			crumbs: () => ({ path: [route.profile], figures: current() ? [[`version ${current()?.version}`, "muted"]] : [] }),
			Body: ({ columns, rows }) => (
				<Surface
					width={columns}
					height={rows}
					draw={(width, height) =>
						drawFrame(width, height, { title: route.profile, focused: true, content: reader.draw })
					}
				/>
			),
			copy: () => reader.copy("the profile"),
			shown: reader.reload,
			close: reader.close,
		};
	},
};
