/** The small numbers that stand for closed sets of words in columns with millions of rows. Never renumber. */

import type { FindingStatus, FindingType, FixState } from "../../protocol/model/finding.ts";
import type { Transport } from "../../protocol/model/transport.ts";

export const typeNumbers = { confirmed: 1, potential: 2, information: 3 } as const satisfies Record<
	FindingType,
	number
>;
export const statusNumbers = { NEW: 1, ACTIVE: 2, FIXED: 3, REOPENED: 4 } as const satisfies Record<
	FindingStatus,
	number
>;
export const fixNumbers = {
	...{ available: 1, subscription: 2, none: 3, postponed: 4, "will-not-fix": 5, "under-investigation": 6 },
} as const satisfies Record<FixState, number>;
/** IANA protocol numbers. */
export const transportNumbers = { tcp: 6, udp: 17 } as const satisfies Record<Transport, number>;
/**
 * More signatures than there can be: a check on an asset is told in one number, `asset * signaturesBelow + signature`. SQLite reads
 * a list of numbers in a fifth of the time that pairs take it.
 */
export const signaturesBelow = 2 ** 22;
/** What a finding counts as. `excepted`: open, and set apart. */
export const openNumbers = { fixed: 0, open: 1, information: 2, excepted: 3 } as const;
/** Why a finding is set apart: bits of its column `excepted`. */
export const exceptedBits = { exception: 1, ignored: 2 } as const;
/** Over `finding f`, 1 or 0. */
export const exceptedSql = `((f.excepted & ${exceptedBits.exception}) > 0)`;
export const ignoredSql = `((f.excepted & ${exceptedBits.ignored}) > 0)`;
/** What the last run made of a finding. */
export const changeNumbers = { new: 1, found: 2, fixed: 3, reopened: 4 } as const;
export type Change = keyof typeof changeNumbers;

export const typeOf = reverse<FindingType>(typeNumbers);
export const statusOf = reverse<FindingStatus>(statusNumbers);
export const fixOf = reverse<FixState>(fixNumbers);
export const transportOf = reverse<Transport>(transportNumbers);
export const changeOf = reverse<Change>(changeNumbers);

/** The word for a number; the first word for a number that is none of ours. */
function reverse<Word extends string>(numbers: Record<Word, number>): (number: number) => Word {
	const words = Object.entries(numbers) as [Word, number][];
	const byNumber = new Map(words.map(([word, number]) => [number, word]));
	const fallback = words[0]?.[0] as Word;
	return (number) => byNumber.get(number) ?? fallback;
}
