import { expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { createUndoLedger, mostUndoable, reversible } from "./undo.ts";

function thing(what: string, log: string[], failure?: Error) {
	return {
		what,
		async undo() {
			if (failure) throw failure;
			log.push(what);
		},
	};
}

test("the newest is taken back first, each once, and the oldest are forgotten", async () => {
	const ledger = createUndoLedger();
	const log: string[] = [];
	expect(await ledger.undo()).toBeUndefined();
	for (let index = 0; index < mostUndoable + 5; index++) ledger.offer(thing(`${index}`, log));
	expect(ledger.list().map(({ what }) => what)).toEqual(Array.from({ length: mostUndoable }, (_, at) => `${24 - at}`));
	await Promise.all([ledger.undo(), ledger.undo()]);
	expect(log).toEqual(["24", "23"]);
	const chosen = ledger.list()[4];
	expect((await ledger.undo(chosen))?.what).toBe("18");
	expect(await ledger.undo(chosen)).toBeUndefined();
});

test("what could not be reached can be tried again in its place; what was refused is gone", async () => {
	const ledger = createUndoLedger();
	ledger.offer(thing("old", []));
	ledger.offer(thing("cut off", [], new AppError("unavailable", "no daemon")));
	ledger.offer(thing("refused", [], new AppError("conflict", "it has changed")));
	await expect(ledger.undo()).rejects.toThrow("it has changed");
	await expect(ledger.undo()).rejects.toThrow("no daemon");
	expect(ledger.list().map(({ what }) => what)).toEqual(["cut off", "old"]);
});

test("what was taken back is done again, and taken back again, until something else is done", async () => {
	const ledger = createUndoLedger();
	const log: string[] = [];
	const act = (name: string) =>
		reversible(name, {
			again: async () => void log.push(`+${name}`),
			back: async () => void log.push(`-${name}`),
			done: () => log.push("."),
		});
	ledger.offer(act("a"));
	ledger.offer(act("b"));
	expect(await ledger.redo()).toBeUndefined();
	await ledger.undo();
	await ledger.undo();
	expect(ledger.undone()?.what).toBe("a");
	await ledger.redo();
	await ledger.redo();
	await ledger.undo();
	expect(log.join("")).toBe("-b.-a.+a.+b.-b.");
	expect(ledger.list().map(({ what }) => what)).toEqual(["a"]);
	ledger.offer({ what: "c", undo: async () => undefined });
	expect(ledger.undone()).toBeUndefined();
	await ledger.undo();
	expect([ledger.undone(), await ledger.redo()]).toEqual([undefined, undefined]);
});

test("what cannot be done again while the daemon is away can be tried once more", async () => {
	const ledger = createUndoLedger();
	let isAway = true;
	const again = async () => {
		if (isAway) throw new AppError("unavailable", "gone");
	};
	ledger.offer(reversible("a", { again, back: async () => undefined, done: () => undefined }));
	await ledger.undo();
	await expect(ledger.redo()).rejects.toThrow("gone");
	isAway = false;
	expect((await ledger.redo())?.what).toBe("a");
	expect(ledger.list()).toHaveLength(1);
});

test("what is done while something is being taken back stands after it: there is nothing to do again", async () => {
	const ledger = createUndoLedger();
	const answer = Promise.withResolvers<void>();
	const again = async () => undefined;
	ledger.offer(reversible("a", { again, back: () => answer.promise, done: () => undefined }));
	const undoing = ledger.undo();
	ledger.offer(reversible("b", { again, back: again, done: () => undefined }));
	answer.resolve();
	await undoing;
	expect(ledger.undone()).toBeUndefined();
	await ledger.undo();
	const failing = {
		what: "c",
		undo: again,
		redo: () => answer.promise.then(() => Promise.reject(new AppError("unavailable", "gone"))),
	};
	ledger.offer(failing);
	await ledger.undo();
	const redoing = ledger.redo();
	ledger.offer(reversible("d", { again, back: again, done: () => undefined }));
	await expect(redoing).rejects.toThrow("gone");
	expect(ledger.undone()).toBeUndefined();
});
