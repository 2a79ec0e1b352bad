import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "../protocol/errors.ts";
import { resolveHome } from "../protocol/home.ts";
import { prepareHome } from "./home.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "vedette-home-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const homeIn = (name: string) => resolveHome({ VEDETTE_HOME: join(folder, name) });
const mode = (path: string) => statSync(path).mode & 0o777;

function refusal(name: string): AppError {
	try {
		prepareHome(homeIn(name));
	} catch (err) {
		if (err instanceof AppError) return err;
		throw err;
	}
	throw new Error("accepted");
}

test("VEDETTE_HOME holds everything; without it the XDG folders do", () => {
	const one = resolveHome({ VEDETTE_HOME: "/srv/v" });
	expect(one).toMatchObject({ socketPath: "/srv/v/run/daemon.sock", settingsPath: "/srv/v/settings.json" });
	const xdg = resolveHome({ HOME: "/home/u", XDG_STATE_HOME: "relative/is/ignored", XDG_CONFIG_HOME: "/c" });
	expect(xdg.stateDir).toBe("/home/u/.local/state/vedette");
	expect(xdg.settingsPath).toBe("/c/vedette/settings.json");
});

test("a socket path that is too long for the kernel is shortened, the same way every time", () => {
	const deep = { VEDETTE_HOME: `/srv/${"d".repeat(120)}` };
	const { socketPath } = resolveHome(deep);
	expect(Buffer.byteLength(socketPath)).toBeLessThanOrEqual(107);
	expect(resolveHome(deep).socketPath).toBe(socketPath);
	expect(resolveHome({ VEDETTE_HOME: `${deep.VEDETTE_HOME}2` }).socketPath).not.toBe(socketPath);
});

test("makes its folders for its user alone, and puts the mode of those inside right", () => {
	const home = homeIn("new/deep");
	prepareHome(home);
	for (const path of [home.stateDir, home.runDir, home.logDir]) expect(mode(path)).toBe(0o700);
	chmodSync(home.runDir, 0o777);
	prepareHome(home);
	expect(mode(home.runDir)).toBe(0o700);
});

test("refuses a home others may write to, and says how to mend it", () => {
	mkdirSync(join(folder, "open"));
	chmodSync(join(folder, "open"), 0o775);
	const error = refusal("open");
	expect(error.code).toBe("forbidden");
	expect(error.hint).toContain("chmod go-w");
});

test("refuses what is not a folder, and a link where its socket goes", () => {
	writeFileSync(join(folder, "file"), "");
	expect(refusal("file").code).toBe("unavailable");
	expect(refusal("file/below").code).toBe("unavailable");
	mkdirSync(join(folder, "linked"), { mode: 0o700 });
	symlinkSync(folder, join(folder, "linked", "run"));
	expect(refusal("linked").code).toBe("unavailable");
});

// Only root can give a folder away; other users see the same refusal for a folder root owns.
test("refuses a home of another user", () => {
	const asRoot = process.geteuid?.() === 0;
	if (asRoot) {
		mkdirSync(join(folder, "theirs"), { mode: 0o700 });
		chownSync(join(folder, "theirs"), 12_345, 12_345);
		expect(refusal("theirs").message).toContain("12345");
	} else expect(() => prepareHome(resolveHome({ VEDETTE_HOME: "/usr" }))).toThrow(/belongs to user 0/);
});

test("a place where no folder can be made is refused, and not tried for ever", () => {
	const refused = () => prepareHome(resolveHome({ VEDETTE_HOME: "/proc/vedette/deep" }));
	expect(refused).toThrow(expect.objectContaining({ code: "unavailable" }));
});
