/** What all samples of the fake daemon take: `text` puts one string wherever a host could have put its own; and their now. */
export interface SampleOptions {
	/** Stands in for every string a host controls. */
	readonly text?: string;
}

export const sampleNow = Date.parse("2026-03-01T12:00:00.000Z");

export function before(minutes: number): string {
	return new Date(sampleNow - minutes * 60_000).toISOString();
}
