/** Whether a version of a product is still supported, by what endoflife.date says of its cycles. Pure. */
import type { SupportEnd, SupportedProduct } from "../advisories/feeds/endoflife.ts";

type Cycle = SupportedProduct["cycles"][number];

/** `extended`: over for those who do not pay or enrol. `unknown`: nobody says. */
export type SupportState = "supported" | "extended" | "over" | "unknown";

export interface SupportVerdict {
	readonly state: SupportState;
	/** In words, with dates; empty for what is not known. */
	readonly told: string;
}

const dayMs = 86_400_000;

/** Where what comes after the first years is there for everybody. */
const freeExtended: ReadonlySet<string> = new Set(["debian"]);

/** The longest cycle the version begins with: 9.4 is of `9`, 12.22 of `12`, 3.18.4 of `3.18`. */
export function cycleOf({ cycles }: SupportedProduct, version: string): Cycle | null {
	const own = cycles.filter(({ name }) => version === name || startsWith(version, name));
	return own.toSorted((a, b) => b.name.length - a.name.length)[0] ?? null;
}

function startsWith(version: string, cycle: string): boolean {
	return version.startsWith(cycle) && /^[.\-+_~p]/.test(version.slice(cycle.length));
}

/** `isEnrolled`: extended support is attached here; null when that is not known. `now` in milliseconds. */
export function supportOf(
	product: SupportedProduct,
	cycle: Cycle,
	now: number,
	isEnrolled: boolean | null = null,
): SupportVerdict {
	const { support, extended } = cycle;
	const name = [product.label, cycle.name, cycle.codename === null ? "" : `(${cycle.codename})`]
		.filter(Boolean)
		.join(" ");
	if (support === null) return { state: "unknown", told: "" };
	if (!isPast(support, now)) return { state: "supported", told: `${name}: supported${until(support)}.` };
	const ended = `${name}: security support ended${on(support)}`;
	if (extended === null) return { state: "over", told: `${ended}.` };
	const more = product.extendedName ?? "extended support";
	if (isPast(extended, now)) return { state: "over", told: `${ended}, ${more}${on(extended)}.` };
	const goesOn = `${ended}; ${more} goes on${until(extended)}`;
	if (freeExtended.has(product.slug) || isEnrolled === true) return { state: "supported", told: `${goesOn}.` };
	return { state: "extended", told: `${goesOn}, for those who have subscribed to it.` };
}

/** A day counts until it is over. */
function isPast(end: SupportEnd, now: number): boolean {
	if (typeof end === "number") return now >= end + dayMs;
	return end === "over";
}

function on(end: SupportEnd): string {
	return typeof end === "number" ? ` on ${isoDay(end)}` : "";
}

function until(end: SupportEnd): string {
	return typeof end === "number" ? ` until ${isoDay(end)}` : "";
}

function isoDay(at: number): string {
	return new Date(at).toISOString().slice(0, 10);
}

/** As signatures write it: `2026-07-11`, "" while no day is set; null when nobody says which day. */
export function lastDay(product: SupportedProduct, { support, extended }: Cycle): string | null {
	const end = freeExtended.has(product.slug) && extended !== null ? extended : support;
	if (typeof end === "number") return isoDay(end);
	return end === "open" ? "" : null;
}
