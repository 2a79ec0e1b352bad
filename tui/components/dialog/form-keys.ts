/** The last line of a dialog with fields: what its keys do. Pure. */
import { keyOf } from "../../keys/find-binding.ts";
import { line, type Piece } from "../../theme/line.ts";

export interface FormKeys {
	/** What submitting does: `starts`. */
	readonly verb: string;
	/** There is another field to go to. */
	readonly hasNext: boolean;
	/** The field that is active is a choice. */
	readonly isChoice: boolean;
}

export function formKeys({ verb, hasNext, isChoice }: FormKeys, width: number): string {
	const next: Piece[] = [
		[keyOf("form", "next-field"), "key"],
		[" next field   ", "muted"],
	];
	const choose: Piece[] = [
		["← →", "key"],
		[" choose   ", "muted"],
	];
	return line(width, [
		[keyOf("form", "submit"), "key"],
		[` ${verb}   `, "muted"],
		...(hasNext ? next : []),
		...(isChoice ? choose : []),
		[keyOf("everywhere", "back"), "key"],
		[" leaves", "muted"],
	]);
}
