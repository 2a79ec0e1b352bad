import { expect, test } from "vitest";
import { AppError } from "../../../protocol/errors.ts";
import * as findings from "../../../protocol/methods/findings.ts";
import { openTestConsole } from "../../../test/support/console.ts";
import { createFakeClient } from "../../connect/fake-client.test-support.ts";

test("details and figures beside the list that cannot be had say why, and are not waited for", async () => {
	const client = createFakeClient();
	const refuse = (message: string) => () => {
		throw new AppError("internal", message);
	};
	client.answer(findings.get, refuse("No details today."));
	client.answer(findings.facets, refuse("No figures today."));
	const { terminal } = openTestConsole({ client, size: { columns: 160, rows: 45 }, screen: { to: "findings" } });
	const text = await terminal.waitFor(
		/No figures today[\s\S]*No details today|No details today[\s\S]*No figures today/,
	);
	expect(text).toContain("What was seen");
	expect(text).not.toContain("Asking");
});
