/** Who is attached: connections that said somebody sits there. In memory only; what a connection said goes with it. */
import type { Access } from "../../protocol/define.ts";
import type { AttachedConsole, ConsolePlace } from "../../protocol/model/console.ts";

/** One connection, as the handlers know it. */
export interface ConnectionOf {
	/** Of this daemon's run, never given twice. */
	readonly id: number;
	/** Where it came from over the network; null: from this machine. */
	readonly address: string | null;
	/** Unix milliseconds. */
	readonly since: number;
	/** Aborts when it ends. */
	readonly ended: AbortSignal;
}

export interface Attendee {
	readonly connection: ConnectionOf;
	readonly user: string;
	readonly name: string;
	readonly access: Access;
	readonly client: string;
	readonly from: string;
	readonly place: ConsolePlace;
	/** The console it goes after, by the id of its connection. */
	readonly follows: number | null;
	/** Unix milliseconds; null while somebody types. */
	readonly idleSince: number | null;
}

export class Attendance {
	readonly #present = new Map<number, Attendee>();
	readonly #listeners = new Set<() => void>();

	/** From now on it is listed, as this; one whose connection has ended meanwhile is not. */
	show(attendee: Attendee): void {
		const { id, ended } = attendee.connection;
		if (ended.aborted) return;
		if (!this.#present.has(id)) ended.addEventListener("abort", () => this.#left(id), { once: true });
		this.#present.set(id, attendee);
		this.#tell();
	}

	/** As the connection `asking` sees it. */
	list(asking: number | undefined): AttachedConsole[] {
		return [...this.#present.values()]
			.toSorted((a, b) => a.connection.id - b.connection.id)
			.map(({ connection, idleSince, ...rest }) => ({
				...rest,
				id: connection.id,
				from: connection.address ?? rest.from,
				since: new Date(connection.since).toISOString(),
				idleSince: idleSince === null ? null : new Date(idleSince).toISOString(),
				isThis: connection.id === asking,
			}));
	}

	/** Calls back at each change. Returns the way to stop. */
	onChange(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	}

	#left(id: number): void {
		this.#present.delete(id);
		this.#tell();
	}

	#tell(): void {
		for (const listener of [...this.#listeners]) listener();
	}
}
