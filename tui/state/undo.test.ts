import { expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { createUndoLedger, mostUndoable } from "./undo.ts";

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
