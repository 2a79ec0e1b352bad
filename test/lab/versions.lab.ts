/** Version keys against the package managers themselves: dpkg and librpm, as this machine has them. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareVersions } from "../../daemon/knowledge/versions/version-order.ts";

const sign = ["lt", "eq", "gt"] as const;
/** Versions of everything installed here: real ones, as their packagers wrote them. */
const installed = execFileSync("dpkg-query", ["-W", "-f", "$" + "{Version}\\n"], { encoding: "utf8" })
	.trim()
	.split("\n");

describe("dpkg", () => {
	it("says the same of real and of made-up pairs", () => {
		const made = fc.stringMatching(/^([01]:)?[0-9][0-9a-z~+.]{0,6}(-[0-9a-z~+.]{1,4})?$/);
		const near = fc.tuple(fc.constantFrom(...installed), fc.constantFrom("", "~1", "+b1", "a", ".0", "0"));
		const version = fc.oneof(
			made,
			near.map(([text, more]) => text + more),
			fc.constantFrom(...installed),
		);
		const pairs = fc.sample(fc.tuple(version, version), 1_500);
		const script = pairs.map(([a, b]) => {
			const relation = sign[(compareVersions("dpkg", a, b) ?? 5) + 1];
			return `dpkg --compare-versions '${a}' ${relation} '${b}' || echo '${a} ${relation} ${b}'`;
		});
		const refused = execFileSync("sh", {
			input: script.join("\n"),
			encoding: "utf8",
			stdio: ["pipe", "pipe", "ignore"],
		});
		expect(refused).toBe("");
	});
});

describe("librpm", () => {
	it("says the same of a hundred thousand pairs", () => {
		const version = fc.oneof(
			fc.stringMatching(/^[0-9a-zA-Z~^._+]{1,8}$/),
			fc.stringMatching(/^[0-9]{1,2}\.[0-9]{1,2}(\.el[89](_[0-9])?)?([~^][a-z0-9]{1,4})?$/),
		);
		const pairs = fc.sample(fc.tuple(version, version), 100_000);
		const file = join(mkdtempSync(join(tmpdir(), "vedette-versions-")), "pairs");
		try {
			writeFileSync(file, pairs.map((pair) => pair.join(" ")).join("\n"));
			const script = `for line in io.lines("${file}") do local a, b = line:match("(%S+) (%S+)"); io.write(rpm.vercmp(a, b), "\\n") end`;
			const output = execFileSync("rpm", ["--eval", `%{lua:${script}}`], { encoding: "utf8", maxBuffer: 1 << 24 });
			const theirs = output.trim().split("\n");
			const different = pairs.flatMap(([a, b], i) => {
				const ours = String(compareVersions("rpm", a, b));
				return ours === theirs[i] ? [] : [[a, b, ours, theirs[i]]];
			});
			expect(different).toEqual([]);
		} finally {
			rmSync(dirname(file), { recursive: true });
		}
	});
});
