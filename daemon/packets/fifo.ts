/** A first-in first-out queue whose `shift` costs the same however long it is. */

export class Fifo<T> {
	private items: (T | undefined)[] = [];
	private head = 0;

	get length(): number {
		return this.items.length - this.head;
	}

	push(item: T): void {
		this.items.push(item);
	}

	shift(): T | undefined {
		const item = this.items[this.head];
		if (this.head >= this.items.length) return undefined;
		this.items[this.head++] = undefined;
		if (this.head > 1_024 && this.head * 2 > this.items.length) {
			this.items = this.items.slice(this.head);
			this.head = 0;
		}
		return item;
	}
}
