import { expect, test } from "vitest";
import { AppError } from "../../../protocol/errors.ts";
import * as profiles from "../../../protocol/methods/profiles.ts";
import * as scans from "../../../protocol/methods/scans.ts";
import { openTestConsole } from "../../../test/support/console.ts";
import { patience } from "../../../test/support/eventually.ts";
import { createFakeClient } from "../../connect/fake-client.test-support.ts";
import { holdAnswers } from "../../connect/held-answers.test-support.ts";

test("an option profile there is not is answered with the names of those there are", async () => {
	const client = createFakeClient();
	client.answer(profiles.list, () => {
		throw new AppError("unavailable", "The profiles cannot be read.");
	});
	client.answer(scans.estimate, ({ profile }) => {
		if (profile === "Initial")
			return { addresses: 1, excluded: 0, ports: 9, probes: 9, seconds: 1, needsConfirmation: false, warnings: [] };
		throw new AppError("invalid", `There is no option profile "${profile}".`, { hint: "There is: Initial, Gentle." });
	});
	const open = openTestConsole({ client, screen: { to: "new-scan", targets: "127.0.0.1" } });
	await open.terminal.waitFor(/9 probes/);
	await open.press("tab", "tab", "tab", "\u0015", "G", "o", "n", "e");
	const text = await open.terminal.waitFor(/no option profile "Gone"/);
	expect(text).toContain("There is: Initial, Gentle.");
	const asked = client.calls.filter(({ name }) => name === scans.estimate.name).at(-1);
	expect(asked?.params, "the ports are left to the profile").toEqual({ targets: ["127.0.0.1"], profile: "Gone" });
});

test("the profile is chosen among those there are, with what it means; exclusions go along", async () => {
	const client = createFakeClient();
	const open = openTestConsole({ client, screen: { to: "new-scan", targets: "10.0.0.0/24" } });
	await open.press("tab", "tab", "1", "0", ".", "0", ".", "0", ".", "7", "tab");
	await open.terminal.waitFor(/‹ Initial ›/);
	expect(open.terminal.text()).toContain("A steady pace and the usual ports");
	await open.press("right");
	await open.terminal.waitFor(/‹ Full TCP ›/);
	await open.press("n");
	await open.terminal.waitFor(/‹ Night ›/);
	await open.press("enter");
	await open.terminal.waitFor(/New scan/);
	await expect
		.poll(() => client.calls.find(({ name }) => name === scans.start.name)?.params, patience)
		.toMatchObject({ targets: ["10.0.0.0/24"], exclusions: ["10.0.0.7"], profile: "Night" });
});

test("logins are told with what a scan takes, as they come on top of it", async () => {
	const client = createFakeClient();
	client.answer(scans.estimate, () => ({
		...{ addresses: 9, excluded: 0, ports: 9, probes: 81, seconds: 1, needsConfirmation: false, warnings: [] },
		logins: 4,
	}));
	const open = openTestConsole({ client, screen: { to: "new-scan", targets: "127.0.0.1-9" } });
	await open.terminal.waitFor(/on top come logins to 4 of them, for which there is a credential/);
});

test.each([
	[60, 15],
	[80, 18],
])("at %i×%i what it costs is seen beside all fields", async (columns, rows) => {
	const open = openTestConsole({ screen: { to: "new-scan", targets: "127.0.0.1-9" }, size: { columns, rows } });
	const text = await open.terminal.waitFor(/address(es)? × /);
	for (const label of ["Targets", "Ports", "Without", "Profile", "Only"]) expect(text).toContain(label);
	expect(text).toMatch(/takes (about|under)/);
	expect(text).toMatch(/Enter starts {3}Tab next field/);
});

test.each([
	["that it has", undefined, /✓ Scan 8 has started all the same/],
	["why it has not", "Too many scans wait.", /✗ Too many scans wait/],
])("whoever leaves the dialog while a scan starts is told %s", async (_, refusal, told) => {
	const client = createFakeClient();
	const line = holdAnswers(client, scans.start);
	line.hold();
	if (refusal !== undefined)
		client.answer(scans.start, () => {
			throw new AppError("busy", refusal);
		});
	const open = openTestConsole({ client, screen: { to: "scans" } });
	await open.press("n", ..."10.0.0.1");
	await open.terminal.waitFor(/probes/);
	await open.press("enter");
	await expect.poll(line.asked, patience).toBe(1);
	await open.press("esc");
	await open.terminal.waitFor((text) => !text.includes("New scan"));
	line.letGo();
	await open.terminal.waitFor(told);
});
