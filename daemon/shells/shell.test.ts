import type { IPty } from "node-pty";
import { expect, test } from "vitest";
import { LiveShell, type ShellEvent } from "./shell.ts";

/** A pseudo terminal played by hand: what a program prints comes when it is told to. */
function played() {
	const seen = { typed: [] as string[], paused: 0, resumed: 0, killed: [] as (string | undefined)[] };
	let print: (text: string) => void = () => undefined;
	let exit: (event: { exitCode: number; signal?: number }) => void = () => undefined;
	const pty = {
		pid: 1,
		onData(listener: typeof print) {
			print = listener;
		},
		onExit(listener: typeof exit) {
			exit = listener;
		},
		write: (text: string) => void seen.typed.push(text),
		pause: () => void seen.paused++,
		resume: () => void seen.resumed++,
		kill: (signal?: string) => void seen.killed.push(signal),
	} as unknown as IPty;
	const shell = new LiveShell(
		pty,
		{
			...{ id: 1, asset: { id: 7, name: "web-01" }, address: "192.0.2.7", port: 22, user: null },
			...{ by: "unix:1000", openedAt: "2026-11-22T09:00:00.000Z", exit: null },
		},
		() => undefined,
	);
	return { shell, seen, print: (text: string) => print(text), exit: (code: number) => exit({ exitCode: code }) };
}

test("whoever comes back sees the last of what was printed, whole lines, whatever size it came in", () => {
	const { shell, print } = played();
	print(`${"flood ".repeat(100_000)}\nlast line\r\n`);
	print("far> ");
	print("typed");
	const { replay, position } = shell.follow(() => undefined);
	expect(replay.endsWith("last line\r\nfar> typed")).toBe(true);
	expect(replay.length).toBeLessThanOrEqual(262_144);
	expect(position).toBe(600_000 + 12 + 5 + 5);
	for (let line = 0; line < 50_000; line++) print(`line ${line}\n`);
	const later = shell.follow(() => undefined).replay;
	expect(later).toMatch(/^line \d+\n/);
	expect(later.endsWith("line 49999\n")).toBe(true);
});

test("ssh is not read while too much is on its way, and again once it was shown or nobody looks", () => {
	const { shell, seen, print, exit } = played();
	const events: ShellEvent[] = [];
	const first = shell.follow((event) => void events.push(event));
	print("x".repeat(600_000));
	expect(seen).toMatchObject({ paused: 1, resumed: 0 });
	shell.heard(100_000);
	expect(seen.resumed).toBe(0);
	shell.heard(600_000);
	expect(seen.resumed).toBe(1);
	print("y".repeat(600_000));
	shell.follow(() => undefined);
	first.close();
	exit(0);
	expect(events.map(({ kind }) => kind)).toContain("output");
	expect(seen.resumed).toBe(2);
});

test("after its end nothing is typed into it any more", () => {
	const { shell, seen, exit } = played();
	shell.write("one");
	exit(255);
	shell.write("two");
	shell.end();
	expect(seen.typed).toEqual(["one"]);
	expect(seen.killed).toEqual([]);
	expect(shell.info.exit).toEqual({ code: 255, signal: null });
});
