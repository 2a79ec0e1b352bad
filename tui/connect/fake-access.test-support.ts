/** What the fake daemon answers about access and the audit log. */
import * as access from "../../protocol/methods/access.ts";
import * as audit from "../../protocol/methods/audit.ts";
import type { FakeClient } from "./fake-client.test-support.ts";
import { accessOf, grantedOf, tokenOf } from "./sample-access.test-support.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";
import { page } from "./sample-page.test-support.ts";
import { auditEntryOf } from "./sample-settings.test-support.ts";

export function answerAccess(answer: FakeClient["answer"], options: SampleOptions): void {
	answer(access.list, () => accessOf(options));
	answer(access.grant, ({ who, access: level }) => ({ operator: { ...grantedOf(options), who, access: level } }));
	answer(access.revoke, () => ({ revoked: grantedOf(options) }));
	answer(access.createToken, () => ({ token: tokenOf(options), secret: "vedette_c2VjcmV0" }));
	answer(access.findPerson, ({ word }) => ({ identity: "unix:1001", name: word, near: [], known: [word] }));
	answer(access.revokeToken, () => ({ token: tokenOf(options) }));
	answer(access.setSingleOperator, ({ on, reason }) => ({
		singleOperator: on ? { since: "2026-02-03T09:12:44.000Z", by: "unix:1000", reason } : null,
	}));
	answer(audit.list, (params) => page(params, 20, (index) => auditEntryOf(20 - index, options)));
	answer(audit.verify, () => ({
		entries: 20,
		intact: true,
		signed: "good" as const,
		key: "SHA256:sample",
		head: "0".repeat(64),
		faults: [],
	}));
}
