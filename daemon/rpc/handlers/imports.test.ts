import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { expect, test } from "vitest";
import { memoryStore } from "../../assess/testdata/hosts.ts";
import { mostBytes } from "../../imports/collected.ts";
import type { CallContext } from "../handler.ts";
import type { Services } from "../services.ts";
import { importsHandlers } from "./imports.ts";

test("what is named is read only if it is a file of a sensible size, and said in words if not", () => {
	const folder = mkdtempSync(join(tmpdir(), "vedette-imports-"));
	const place = (name: string) => join(folder, name);
	const store = memoryStore();
	const handlers = importsHandlers({ store } as unknown as Services);
	const context: CallContext = {
		...{ user: "unix:1001", uid: 1001, access: "operate", client: "test 1" },
		...{ signal: new AbortController().signal, log: pino({ level: "silent" }) },
	};
	const read = (path: string) => () => handlers.collected({ path, address: "127.0.0.1" }, context);
	execFileSync("mkfifo", [place("fifo")]);
	symlinkSync("fifo", place("link"));
	writeFileSync(place("large"), "");
	truncateSync(place("large"), mostBytes + 1);
	writeFileSync(place("other"), "hello");
	for (const name of ["fifo", "link", "."]) expect(read(place(name)), name).toThrow(/is not a file/);
	expect(read(place("none"))).toThrow(/There is no file/);
	expect(read(place("large"))).toThrow(/more than the script ever prints/);
	expect(read(place("other"))).toThrow(/not the output of the collection script/);
	expect(read("other")).toThrow(/not an absolute path/);
	rmSync(folder, { recursive: true });
	store.close();
});
