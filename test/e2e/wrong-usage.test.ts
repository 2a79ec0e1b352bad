/** Words the command line does not know end with 2, in one voice, and say where to look. No daemon is needed to be told. */
import { afterAll, expect, test } from "vitest";
import { Household } from "../support/vedette.ts";
import "../support/patience.ts";

const household = new Household();
afterAll(() => household.end());

test.each([
	["nonsense", "Unknown command 'nonsense'.", "See: vedette --help"],
	["findngs", "Unknown command 'findngs'.", "(Did you mean findings?)"],
	["--bogus", "Unknown option '--bogus'.", "See: vedette console --help"],
	["--read-only", "The console needs a terminal", "vedette findings"],
	["scan", "There is no target.", "--targets-file"],
	["scan 127.0.0.1 --wait --detach", "cannot be used with", "See: vedette scan --help"],
	["findings --bogus", "Unknown option '--bogus'.", "See: vedette findings --help"],
	["findings one two", "Too many arguments", "See: vedette findings --help"],
	["scans cancel", "Missing required argument 'scan'.", "See: vedette scans cancel --help"],
	["daemon bogus", "There is no vedette daemon bogus.", "There are: start, stop."],
	["tag shwo Web", "There is no vedette tag shwo. Did you mean: vedette tag show?", "There are: list, show,"],
	["duplicates merg 1 2", "Did you mean: vedette duplicates merge?", "There are: list,"],
	["assets trak", "Did you mean: vedette assets track?", "To mean the word itself: vedette assets list trak"],
	["map lsit", "Did you mean: vedette map list?", "To mean the word itself: vedette map -- lsit"],
	["knowledge sources remvoe x", "Did you mean: vedette knowledge sources remove?", "There are: list,"],
	["why abc", '"abc" is not a finding number', "vedette why CVE-2023-48795 127.0.0.1"],
	["ticket assign 12", "Say who gets it, or --nobody.", "vedette ticket --help"],
	["ticket due 12 2027-02-30", '"2027-02-30" is no day.', "2027-01-31"],
	["priority explain abc", '"abc" is no whole number above zero.', "vedette priority explain 17"],
	["call nope.nope", "There is no method nope.nope.", "daemon.status"],
	["call scans.watch", "scans.watch is a stream", "rpc.discover"],
	["call scans.get {bad", "The params are not JSON.", "For example"],
	["call scans.get []", "must be one JSON object", "For example"],
	['call scans.start {"port":"80"}', 'scans.start has no parameter "port".', "It takes: targets"],
	["signature check /dev/null/none.yaml", "cannot be read", "YAML file"],
])("vedette %s", async (words, sentence, next) => {
	const outcome = await household.run(words.split(" "));
	expect(outcome.stderr).toContain(`vedette: `);
	expect(outcome.stderr).toContain(sentence);
	expect(outcome.stderr).toContain(next);
	expect(outcome.stderr).not.toMatch(/\n\s+at /);
	expect(outcome.stdout).toBe("");
	expect(outcome.code).toBe(2);
});

test.each(["abc", "0", "-1", "1.5", "1000001"])(
	"--limit %s names the limits, once the daemon is there",
	async (limit) => {
		await household.run(["daemon", "start"]);
		for (const listing of [["findings"], ["assets"], ["scans"], ["signature", "list"]]) {
			const outcome = await household.run([...listing, "--limit", limit]);
			expect(outcome.stderr).toContain("a whole number from 1 to 1000000");
			expect(outcome.code).toBe(2);
		}
	},
);

test("help is no error, and a hostile word is not repeated raw", async () => {
	for (const words of [["--help"], ["help"], ["help", "scan"], ["scan", "--help"], ["--version"]])
		expect((await household.run(words)).code).toBe(0);
	const { stderr } = await household.run(["\u001b[31mred"]);
	expect(stderr).toContain("\\e[31mred");
});
