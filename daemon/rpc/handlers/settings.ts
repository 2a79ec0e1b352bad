/** Handlers of the settings area. */
import { closeNames } from "../../../protocol/close-names.ts";
import { AppError } from "../../../protocol/errors.ts";
import type { Setting } from "../../../protocol/model/setting.ts";
import { callAs } from "../call-as.ts";
import type { AreaHandlers, CallContext } from "../handler.ts";
import type { Services } from "../services.ts";
import type { SettingAreas, SettingRow, SettingSight } from "../setting-row.ts";
import { settingRows } from "../setting-rows.ts";

export function settingsHandlers(services: Services, areas: SettingAreas): AreaHandlers<"settings"> {
	const sightOf = (context: CallContext): SettingSight => ({
		...{ services, areas },
		ask: (method, handler, params) => callAs(context, method, handler, params),
	});
	return {
		list: async (_, context) => {
			const sight = sightOf(context);
			const items = await Promise.all(settingRows.map((row) => show(row, sight)));
			return { items, total: items.length };
		},
		set: async ({ id, value, reason }, context) => {
			const row = rowNamed(id);
			const sight = sightOf(context);
			if (row.edit === undefined) {
				throw new AppError("conflict", `${row.title} is not set here.`, {
					hint: row.command === null ? "It is part of how Vedette works." : `See: ${row.command}`,
				});
			}
			await row.edit.save(sight, value.trim(), reason);
			return await show(row, sight);
		},
	};
}

function rowNamed(id: string): SettingRow {
	const found = settingRows.find((row) => row.id === id.trim().toLowerCase());
	if (found !== undefined) return found;
	const [near] = closeNames(
		id,
		settingRows.map((row) => row.id),
	);
	throw new AppError("not-found", `There is no setting "${id}".`, {
		hint: near === undefined ? "List them with: vedette settings" : `Did you mean ${near}?`,
	});
}

async function show(row: SettingRow, sight: SettingSight): Promise<Setting> {
	const { id, group, title, about, command, edit, words = (text: string) => text } = row;
	const value = await row.read(sight);
	return {
		...{ id, group, title, about, command, value, shown: words(value) },
		default: row.source === undefined ? words("") : "",
		source: row.source ?? (value === "" ? "default" : "set"),
		edit:
			edit === undefined
				? null
				: { access: edit.access, hint: edit.hint, choices: [...(edit.choices ?? [])], asksWhy: edit.asksWhy ?? false },
	};
}
