/** One setting of the daemon as a row: how it is read, what its text means, and how it is changed. */
import type { Method, MethodParams, MethodResult } from "../../protocol/catalogue.ts";
import type { Access } from "../../protocol/define.ts";
import { AppError } from "../../protocol/errors.ts";
import type { Setting } from "../../protocol/model/setting.ts";
import type { Handler, Handlers } from "./handler.ts";
import type { Services } from "./services.ts";

/** The areas whose methods settings are read and changed by. */
export type SettingAreas = Pick<
	Handlers,
	"access" | "duplicates" | "exclusions" | "knowledge" | "maps" | "policy" | "priorities" | "tickets"
>;

/** Calls a method in the caller's name. */
export type Ask = <M extends Method>(
	method: M,
	handler: Handler<M>,
	params: MethodParams<M>,
) => Promise<MethodResult<M>>;

export interface SettingSight {
	readonly services: Services;
	readonly areas: SettingAreas;
	readonly ask: Ask;
}

export interface SettingRow extends Pick<Setting, "id" | "group" | "title" | "about" | "command"> {
	/** As it is written; the default is the empty text. */
	read(sight: SettingSight): Promise<string> | string;
	/** In words. Absent: as it is written. */
	words?(text: string): string;
	readonly source?: "environment" | "built-in";
	readonly edit?: {
		readonly access: Access;
		readonly hint: string;
		readonly choices?: readonly string[];
		readonly asksWhy?: true;
		/** Throws `invalid` for a text that is none. */
		save(sight: SettingSight, text: string, reason: string): Promise<unknown>;
	};
}

export const yesNo = ["yes", "no"] as const;
export const isYes = (text: string): boolean => {
	if (/^(yes|on|true)$/i.test(text)) return true;
	if (/^(no|off|false)$/i.test(text)) return false;
	throw new AppError("invalid", `"${text}" is neither yes nor no.`, { hint: "Write yes or no." });
};
export const wholeNumber = (text: string, unit: string): number => {
	const value = Number(text);
	if (Number.isSafeInteger(value) && value >= 0) return value;
	throw new AppError("invalid", `"${text}" is no whole number of ${unit}.`, { hint: `For example: 7` });
};
/** What is said where it differs from what holds anyway. */
export const unless = (standard: string, text: string): string => (text === standard ? "" : text);
export const days = (count: number): string => `${count} day${count === 1 ? "" : "s"}`;
