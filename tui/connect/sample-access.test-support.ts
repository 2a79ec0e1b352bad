/** Who may connect, for tests of the console. */
import type { AccessOverview, AccessToken, Operator } from "../../protocol/model/operator.ts";
import type { SampleOptions } from "./sample-data.test-support.ts";

const at = "2026-02-03T09:12:44.000Z";

export function grantedOf({ text }: SampleOptions): Operator {
	return { who: text ?? "unix:ana", kind: "unix", id: 1001, access: "approve", grantedAt: at, grantedBy: "unix:0" };
}

export function tokenOf({ text }: SampleOptions): AccessToken {
	return {
		...{ name: "ci", access: "read", owner: text ?? null, createdAt: at, createdBy: "unix:0" },
		...{ expiresAt: "2026-05-04T09:12:44.000Z", state: "active" },
	};
}

export function accessOf(options: SampleOptions): AccessOverview {
	const text = (usual: string) => options.text ?? usual;
	return {
		you: { user: "unix:1000", access: "admin" },
		operators: [
			grantedOf(options),
			{ ...grantedOf(options), who: text("group:ops"), kind: "group", access: "operate" },
		],
		tokens: [tokenOf(options), { ...tokenOf(options), name: "old", state: "revoked" }],
		keys: [
			{
				...{ operator: "unix:1001", name: text("ana"), type: "ssh-ed25519", fingerprint: "SHA256:sample" },
				...{ comment: text("ana@desk"), addedAt: at, addedBy: "unix:0" },
			},
		],
		singleOperator: { since: at, by: "unix:0", reason: text("nobody else here until June") },
		door: { path: "/run/vedette/shared.sock", opensTo: "everybody", problem: null },
		network: {
			...{ listensOn: "0.0.0.0:7443", tls: true, fingerprint: "sha256:ab", problem: options.text ?? null },
			validUntil: "2027-03-01T12:00:00.000Z",
		},
	};
}
