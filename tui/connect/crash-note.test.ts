import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { AppError } from "../../protocol/errors.ts";
import { TestTerminal } from "../../test/support/terminal.ts";
import { openConsole } from "../console.tsx";
import { withCrashNote } from "./crash-note.ts";
import { createFakeClient } from "./fake-client.test-support.ts";

const home = mkdtempSync(join(tmpdir(), "vedette-crash-"));
afterEach(() => rmSync(home, { recursive: true, force: true }));

test("a console that breaks gives the terminal back, is written down, and says where", async () => {
	const terminal = new TestTerminal({ columns: 80, rows: 24 });
	const opened = withCrashNote({ VEDETTE_HOME: home }, () =>
		openConsole({
			...{ client: createFakeClient(), stdin: terminal.stdin, stdout: terminal.stdout, daemonLabel: "local", env: {} },
			onOpen({ painter }) {
				painter.setSurface("broken", { x: 0, y: 0, width: 5, height: 1, level: 0 }, () => {
					throw new Error("a draughtsman fell");
				});
			},
		}),
	);
	const err = await opened.catch((failure: unknown) => failure);
	const path = join(home, "log", "console-crash.log");
	expect(err).toBeInstanceOf(AppError);
	expect(err).toMatchObject({ code: "internal", message: "The console broke: a draughtsman fell" });
	expect((err as AppError).hint).toContain(path);
	await terminal.settled();
	expect(terminal.isRestored).toBe(true);
	expect(readFileSync(path, "utf8")).toMatch(/a draughtsman fell\n.*at /);
	expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("what is said on purpose passes, and a place that cannot be written to is no second failure", async () => {
	const said = new AppError("unavailable", "no terminal");
	await expect(withCrashNote({ VEDETTE_HOME: home }, () => Promise.reject(said))).rejects.toBe(said);
	const file = join(tmpdir(), `vedette-no-folder-${process.pid}`);
	writeFileSync(file, "");
	try {
		await expect(withCrashNote({ VEDETTE_HOME: file }, () => Promise.reject(new Error("x")))).rejects.toMatchObject({
			hint: expect.stringMatching(/could not be written down/),
		});
	} finally {
		rmSync(file);
	}
});
