/** What is due when, in buckets of a few milliseconds: adding costs nothing and nothing is ever removed early. Pure. */

const usualBucketMs = 8;

export class Deadlines<T> {
	private readonly buckets = new Map<number, T[]>();
	private next: number;
	private readonly bucketMs: number;

	constructor(nowMs: number, bucketMs = usualBucketMs) {
		this.bucketMs = bucketMs;
		this.next = Math.floor(nowMs / bucketMs);
	}

	/** Due at the time or up to a bucket later, never earlier. */
	add(item: T, atMs: number): void {
		const key = Math.max(this.next, Math.floor(atMs / this.bucketMs) + 1);
		const bucket = this.buckets.get(key);
		if (bucket === undefined) this.buckets.set(key, [item]);
		else bucket.push(item);
	}

	/** Hands over everything that is due. The caller knows which of it is stale. */
	expire(nowMs: number, due: (item: T) => void): void {
		const last = Math.floor(nowMs / this.bucketMs);
		// After a long pause (a suspended machine) walking the buckets there are is shorter than walking the time.
		if (last - this.next > this.buckets.size + 64) {
			for (const key of [...this.buckets.keys()].sort((a, b) => a - b)) if (key <= last) this.empty(key, due);
			this.next = last + 1;
		}
		for (; this.next <= last; this.next++) this.empty(this.next, due);
	}

	private empty(key: number, due: (item: T) => void): void {
		const bucket = this.buckets.get(key);
		if (bucket === undefined) return;
		this.buckets.delete(key);
		for (const item of bucket) due(item);
	}
}
