/** Tags by name, the first letter of each painted in its colour: told apart by the letter where there are no colours. */
import type { Piece } from "../../theme/line.ts";
import type { Token } from "../../theme/look.ts";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

export function tagPieces(
	names: readonly string[],
	colours: Readonly<Record<string, string>> | undefined,
	token: Token = "text",
): Piece[] {
	return names.flatMap((name, at): Piece[] => [
		...(at === 0 ? [] : ([[", ", "faint"]] as const)),
		...namePieces(name, colours?.[name] ?? null, token),
	]);
}

/** One tag. */
export function namePieces(name: string, colour: string | null, token: Token = "text"): Piece[] {
	if (colour === null) return [[name, token]];
	const letter = graphemes.segment(name).containing(0)?.segment ?? "";
	return [
		[letter, `mark${colour as `#${string}`}`],
		[name.slice(letter.length), token],
	];
}
