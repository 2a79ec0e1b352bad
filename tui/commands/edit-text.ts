/** Opens a text in the user's editor, as git does for a commit message. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../protocol/errors.ts";
import type { CommandContext } from "./command.ts";

export interface EditedText {
	readonly text: string;
	/** Where it lies until `discard`. */
	readonly path: string;
	discard(): void;
}

/** Resolves when the editor has ended well; throws when there is none or it failed. The editor is a shell command. */
export async function editText(ctx: CommandContext, name: string, text: string): Promise<EditedText> {
	const editor = ctx.env.VISUAL || ctx.env.EDITOR || (ctx.stdin.isTTY === true ? "vi" : "");
	if (editor === "") {
		throw new AppError("invalid", "There is no editor to open and no terminal to open it in.", {
			hint: "Set EDITOR, or make the change with --set name=value or --file.",
		});
	}
	const folder = mkdtempSync(join(tmpdir(), "vedette-edit-"));
	const path = join(folder, name);
	const discard = () => rmSync(folder, { recursive: true, force: true });
	writeFileSync(path, text, { mode: 0o600 });
	// The name of the editor may hold arguments: a shell splits them, and gets the path as an argument of its own.
	const child = spawn("sh", ["-c", `${editor} "$1"`, "sh", path], { stdio: "inherit" });
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once("error", reject);
		child.once("close", resolve);
	});
	if (code !== 0) {
		discard();
		throw new AppError("cancelled", `The editor (${editor}) ended with ${code ?? "a signal"}; nothing was changed.`);
	}
	return { text: readFileSync(path, "utf8"), path, discard };
}
