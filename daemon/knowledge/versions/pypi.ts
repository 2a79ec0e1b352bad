/** Python's version order (PEP 440) as byte keys. */
import { KeyWriter } from "./key-writer.ts";

const separator = "[-_.]?";
const grammar = new RegExp(
	[
		"^v?(?:([0-9]+)!)?([0-9]+(?:\\.[0-9]+)*)",
		`(?:${separator}(alpha|beta|preview|pre|rc|a|b|c)${separator}([0-9]*))?`,
		`(?:-([0-9]+)|${separator}(post|rev|r)${separator}([0-9]*))?`,
		`(?:${separator}(dev)${separator}([0-9]*))?`,
		"(?:\\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$",
	].join(""),
	"i",
);

/** Where a version stands among those of the same release. */
const stage = { devOnly: 1, a: 2, b: 3, rc: 4, final: 5 };
const stageOf: Readonly<Record<string, number>> = {
	...{ a: stage.a, alpha: stage.a, b: stage.b, beta: stage.b },
	...{ c: stage.rc, rc: stage.rc, pre: stage.rc, preview: stage.rc },
};
/** Bytes for "has none" and "has one", whichever way round the part sorts. */
const [lower, higher] = [1, 2];
const local = { end: 0, word: 1, number: 2 };

/** Null for what is no version of PEP 440. */
export function pypiKey(text: string): Uint8Array | null {
	const found = grammar.exec(text.trim());
	if (found === null) return null;
	const [
		,
		epoch = "",
		release = "",
		pre,
		preNumber = "",
		implicitPost,
		post,
		postNumber = "",
		dev,
		devNumber = "",
		own,
	] = found;
	const key = new KeyWriter().number(epoch);
	const numbers = release.split(".");
	while (numbers.length > 1 && /^0+$/.test(numbers.at(-1) ?? "")) numbers.pop();
	for (const digits of numbers) key.byte(higher).number(digits);
	key.byte(lower);
	const hasPost = implicitPost !== undefined || post !== undefined;
	if (pre !== undefined) key.byte(stageOf[pre.toLowerCase()] ?? 0).number(preNumber);
	else key.byte(dev !== undefined && !hasPost ? stage.devOnly : stage.final);
	if (hasPost) key.byte(higher).number(implicitPost ?? postNumber);
	else key.byte(lower);
	if (dev === undefined) key.byte(higher);
	else key.byte(lower).number(devNumber);
	for (const part of own === undefined ? [] : own.toLowerCase().split(/[-_.]/)) {
		if (/^[0-9]+$/.test(part)) key.byte(local.number).number(part);
		else key.byte(local.word).ascii(part).byte(0);
	}
	return key.byte(local.end).finish();
}
