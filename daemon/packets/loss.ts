/** Does the network lose packets? Told by how many answers came only to a repeated question. Pure. */

/** Fewer late answers than this may be one busy moment. */
const lateAtLeast = 3;
const lateShare = 0.002;

export class LossMeter {
	private answers = 0;
	private late = 0;

	/** An answer to a question asked after so many others for the same pair. */
	add(tries: number): void {
		this.answers++;
		if (tries > 0) this.late++;
	}

	/** Tries a silent pair gets on top of what the job allows: two in a row are lost once in thousands of pairs. */
	get extraTries(): number {
		return this.late >= lateAtLeast && this.late > this.answers * lateShare ? 1 : 0;
	}
}
