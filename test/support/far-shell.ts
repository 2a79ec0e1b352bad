/** A stand-in for ssh that goes nowhere: it runs the command it is given here, behind a shell that greets, as many do. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { program } from "./vedette.ts";

/** How the program is called in the far shell. */
export const farProgram = `'${process.execPath}' '${program}'`;

/** Writes it into a folder; its path is for `vedette attach --ssh`. `uid`: whom it logs in, which root alone can do. */
export function writeFarShell(folder: string, uid?: number): string {
	const path = join(folder, "ssh");
	const login = uid === undefined ? "" : `setpriv --reuid ${uid} --regid ${uid} --clear-groups `;
	const lines = ["#!/bin/sh", 'echo "Welcome to the far machine"', "for command; do :; done"];
	writeFileSync(path, [...lines, `exec ${login}sh -c "$command"`, ""].join("\n"));
	chmodSync(path, 0o755);
	return path;
}
