/** Mounts in force. */
import { defineCollector, linesOf, partsOf } from "./collector.ts";

const mostMounts = 5_000;

export const mounts = defineCollector({
	kind: "mounts",
	script: `
part mounts; sed 's/\\(pass[a-z]*\\)=[^, ]*/\\1=***/g' /proc/self/mounts || mount
part end; echo done
`,
	privileged: [],
	mostBytes: 1 << 20,
	parse({ text, cut }) {
		const parts = partsOf(text);
		const found = linesOf(parts.get("mounts")).flatMap((line) => {
			const [source = "", target = "", type = "", options] = line.split(" ");
			if (options === undefined || !target.startsWith("/")) return [];
			return { source: unescaped(source), target: unescaped(target), type, options: options.split(",").slice(0, 100) };
		});
		if (found.length === 0) return null;
		const whole = !cut && parts.has("end") && found.length <= mostMounts;
		return { data: { mounts: found.slice(0, mostMounts) }, complete: whole };
	},
});

/** proc(5): blanks, tabs, newlines and backslashes are octal. */
function unescaped(text: string): string {
	return text.replace(/\\(040|011|012|134)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
