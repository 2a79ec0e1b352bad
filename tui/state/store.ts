/** A value that can be watched. The whole console keeps its state in these; React only lays out. */

export interface Store<Value> {
	get(): Value;
	/** Does nothing when the value is the same object. */
	set(value: Value): void;
	watch(listener: () => void): () => void;
}

export function createStore<Value>(initial: Value): Store<Value> {
	let value = initial;
	const listeners = new Set<() => void>();
	return {
		get: () => value,
		set(next) {
			if (next === value) return;
			value = next;
			for (const listener of [...listeners]) listener();
		},
		watch(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
