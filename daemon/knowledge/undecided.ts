/** Raised inside an expression that cannot be answered from this record; becomes `matched: null` with the reason. */
export class Undecided extends Error {
	constructor(reason: string) {
		super(reason);
		this.name = "Undecided";
	}
}
