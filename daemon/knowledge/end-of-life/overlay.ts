/** Support dates of a feed in the place of those a signature carries, where it says it has them from endoflife.date. Pure. */
import type { Check } from "../knowledge.ts";
import type { ProductTable } from "./products.ts";
import { lastDay } from "./supported.ts";

/** The product a signature looks after; null for one that looks after none. */
export function slugOf({ signature, values }: Check): string | null {
	if (typeof values?.cycles !== "object" || values.cycles === null) return null;
	const found = signature.references.map((one) => /^https:\/\/endoflife\.date\/([a-z0-9-]+)$/.exec(one)?.[1] ?? null);
	return found.find((slug) => slug !== null) ?? null;
}

/** The check itself when nothing newer is known. Some signatures name cycles in ways of their own: those are left alone. */
export function withDates(check: Check, products: ProductTable): Check {
	const slug = slugOf(check);
	const product = slug === null ? null : products.bySlug(slug);
	if (product === null || check.withValues === undefined) return check;
	const own = check.values?.cycles as Readonly<Record<string, unknown>>;
	const dates = Object.fromEntries(
		product.cycles.flatMap((cycle) => {
			const day = lastDay(product, cycle);
			return day === null ? [] : [[cycle.name, day]];
		}),
	);
	const names = Object.keys(own);
	if (names.filter((name) => Object.hasOwn(dates, name)).length * 2 < names.length) return check;
	return check.withValues({ cycles: { ...own, ...dates } });
}
