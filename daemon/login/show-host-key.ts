/** Asks a host for the key it shows, and hangs up: for somebody who compares its fingerprint before anything is trusted. */
import { AppError } from "../../protocol/errors.ts";
import { LoginFailure } from "./failure.ts";
import { type HostKey, openSession } from "./session.ts";

const timeoutMs = 15_000;

/** Sends nothing but SSH's key exchange. Throws `conflict` when no key is shown. */
export async function showHostKey(address: string, port: number, signal: AbortSignal): Promise<HostKey> {
	const shown: HostKey[] = [];
	const hop = {
		...{ host: address, port, user: "nobody", proofs: [], knownTypes: [] },
		judge(key: HostKey) {
			shown.push(key);
			// Whatever it is: the login ends here.
			return "unknown" as const;
		},
	};
	try {
		const session = await openSession([hop], { signal, timeoutMs });
		session.close();
	} catch (err) {
		if (!(err instanceof LoginFailure)) throw err;
		const [key] = shown;
		if (key !== undefined) return key;
		throw new AppError("conflict", err.message, { hint: err.hint, cause: err });
	}
	throw new AppError("internal", `${address} let somebody in who has shown nothing.`);
}
