/** Handlers of the host keys area. */
import { AppError } from "../../../protocol/errors.ts";
import type { TrustedHostKey } from "../../../protocol/model/credential.ts";
import { hostOf, type PublicKey, readPublicKey } from "../../credentials/host-key-line.ts";
import { showHostKey } from "../../login/show-host-key.ts";
import { canonicalAddress } from "../../scope/address.ts";
import { addHostKey, forgetHostKeys, hostKeysOf, listHostKeys } from "../../store/host-keys.ts";
import { transaction } from "../../store/sql.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";

export function hostkeysHandlers({ store, audit, planning, takeTurn }: Services): AreaHandlers<"hostkeys"> {
	const { db, clock } = store;
	/** Only where packets may go at all. */
	const addressOf = async (host: string): Promise<string> => {
		const literal = canonicalAddress(host);
		const found = literal === null ? await Promise.resolve(planning.resolve(host)).catch(() => []) : [literal];
		const [first] = found;
		if (first === undefined) {
			throw new AppError("not-found", `The name ${host} has no address.`, { hint: "Check its spelling." });
		}
		const excluded = await planning.globalExclusions();
		const allowed = found.find((one) => !excluded.has(one));
		if (allowed !== undefined) return allowed;
		throw new AppError("out-of-scope", `${host} is excluded: nothing is sent there.`, {
			hint: "See by what: vedette exclude list",
		});
	};
	const ask = async (host: string, port: number, signal: AbortSignal): Promise<PublicKey & { address: string }> => {
		const address = await addressOf(host);
		const endTurn = await takeTurn(address, signal);
		if (endTurn === null) throw new AppError("cancelled", "It was ended before it was asked.");
		try {
			const { type, blob, fingerprint } = await showHostKey(address, port, signal);
			return { address, type, key: Buffer.from(blob).toString("base64"), fingerprint };
		} finally {
			endTurn();
		}
	};
	return {
		list: () => {
			const items = listHostKeys(db);
			return { items, total: items.length };
		},
		look: async ({ host: text, port }, { user: who, signal }) => {
			const host = hostOf(text);
			audit.write({ who, action: "hostkey.look", object: `host ${host} port ${port}` });
			const shown = await ask(host, port, signal);
			return { host, port, ...shown, trusted: standing(hostKeysOf(db, host, port), shown) };
		},
		trust: async ({ host: text, port, fingerprint, publicKey }, { user: who, signal }) => {
			const host = hostOf(text);
			const shown = publicKey === undefined ? await ask(host, port, signal) : readPublicKey(publicKey);
			if (shown.fingerprint !== fingerprint) {
				const what = publicKey === undefined ? `${host} port ${port} shows` : "The public key is";
				throw new AppError("conflict", `${what} ${shown.type} ${shown.fingerprint}, which is another.`, {
					hint: "Nothing was trusted. Compare with the host's own: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
				});
			}
			const { type, key } = shown;
			return transaction(db, () => {
				const added = addHostKey(db, { host, port, type, key, fingerprint }, { by: who, at: clock.now() });
				audit.write({ who, action: "hostkey.trust", object: `host ${host} port ${port}`, after: added });
				return added;
			});
		},
		forget: ({ host: text, port, fingerprint }, { user: who }) => {
			const host = hostOf(text);
			return transaction(db, () => {
				const forgotten = forgetHostKeys(db, { host, port, fingerprint: fingerprint ?? null });
				if (forgotten.length === 0) {
					throw new AppError("not-found", `No such key of ${host} port ${port} is trusted.`, {
						hint: "See which are with: vedette credential keys",
					});
				}
				audit.write({ who, action: "hostkey.forget", object: `host ${host} port ${port}`, before: forgotten });
				return { forgotten };
			});
		},
	};
}

function standing(known: readonly TrustedHostKey[], shown: PublicKey): "yes" | "no" | "changed" {
	if (known.some(({ key }) => key === shown.key)) return "yes";
	return known.some(({ type }) => type === shown.type) ? "changed" : "no";
}
