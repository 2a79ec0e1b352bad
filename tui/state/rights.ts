/**
 * Whether an action may be done now, and the sentence that says why not: what the console was started for, what the daemon
 * allows it, what there is to do it to.
 */
import type { Client } from "../../protocol/client.ts";
import { type Access, mayAccess } from "../../protocol/define.ts";
import type { Binding } from "../keys/binding.ts";
import type { Handler } from "../screens/view.ts";

export interface Rights {
	mayOperate(): boolean;
	/** Why whoever sits here has no right to it; undefined when they have. */
	reasonToRefuse(needs: Access | undefined): string | undefined;
	/** Why it cannot be done, for want of a right or of something to do it to. */
	reasonAgainst(binding: Binding, handler: Handler): string | undefined;
}

export function createRights(client: Client, readOnly: boolean): Rights {
	function reasonToRefuse(needs: Access | undefined): string | undefined {
		if (needs === undefined || needs === "read") return undefined;
		const { access } = client.hello;
		if (readOnly || access === "read") return "This console is read-only: it may look, not act.";
		return mayAccess(access, needs) ? undefined : `You have ${access} access here; this takes ${needs}.`;
	}

	return {
		mayOperate: () => !readOnly && mayAccess(client.hello.access, "operate"),
		reasonToRefuse,
		reasonAgainst: ({ needs }, handler) => reasonToRefuse(needs) ?? handler.disabled?.(),
	};
}
