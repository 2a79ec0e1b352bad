/** Why a login did not come about: where on the way, and what cures it. */

/**
 * Where it failed. `host-key`: nothing secret was sent. `authentication`: refused with everything there was to offer.
 * `locked`: the server says the account may not log in, or the password must be changed first.
 */
const loginStages = ["settings", "connect", "host-key", "authentication", "locked", "shell", "command"] as const;
export type LoginStage = (typeof loginStages)[number];

export class LoginFailure extends Error {
	readonly stage: LoginStage;
	/** Which host on the way: 0 is the first. */
	readonly hop: number;
	/** What to do about it. */
	readonly hint: string;

	constructor(stage: LoginStage, hop: number, message: string, hint: string, cause?: unknown) {
		super(message, cause === undefined ? undefined : { cause });
		this.name = "LoginFailure";
		this.stage = stage;
		this.hop = hop;
		this.hint = hint;
	}
}
