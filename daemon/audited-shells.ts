/** Shells on assets, each written into the audit log when it opens and when it ends. */

import type { Shell } from "../protocol/model/shell.ts";
import { systemClock } from "./clock.ts";
import type { AuditTrail } from "./rpc/audit-trail.ts";
import { Shells } from "./shells/shells.ts";

export function auditedShells(env: NodeJS.ProcessEnv, audit: AuditTrail): Shells {
	const objectOf = ({ asset, address }: Pick<Shell, "asset" | "address">) => `${asset.name} (${address})`;
	return new Shells({
		...{ env, now: () => systemClock.now() },
		onOpening: (wish) => {
			const { by, user, port } = wish;
			audit.write({ who: by, action: "shell.open", object: objectOf(wish), after: { user, port } });
		},
		onEnded: (shell) => {
			const { by, id, exit, openedAt } = shell;
			const seconds = Math.round((systemClock.now() - Date.parse(openedAt)) / 1_000);
			audit.note({ who: by, action: "shell.end", object: objectOf(shell), after: { shell: id, ...exit, seconds } });
		},
	});
}
