/** Handlers of the virtual hosts area. */
import { AppError } from "../../../protocol/errors.ts";
import { hostName } from "../../../protocol/target/item.ts";
import { canonicalAddress } from "../../scope/address.ts";
import { transaction } from "../../store/sql.ts";
import { addVirtualHosts, listVirtualHosts, removeVirtualHosts, virtualHostFields } from "../../store/virtual-hosts.ts";
import type { AreaHandlers } from "../handler.ts";
import { compileListing } from "../listing.ts";
import type { Services } from "../services.ts";

export function vhostsHandlers({ store, audit }: Services): AreaHandlers<"vhosts"> {
	const { db, clock } = store;
	return {
		list: (params) => listVirtualHosts(db, compileListing(params, virtualHostFields, clock.now()).query),
		add: ({ vhosts }, { user }) => {
			const wanted = vhosts.map(({ address, port, name }) => ({
				address: addressOf(address),
				port,
				name: hostName(name),
			}));
			return transaction(db, () => {
				const added = addVirtualHosts(db, wanted, user, clock.now());
				if (added > 0) audit.write({ who: user, action: "vhost.add", object: "virtual hosts", after: wanted });
				return { added, known: wanted.length - added };
			});
		},
		remove: ({ address, port, name }, { user }) => {
			if (address === undefined && port === undefined && name === undefined) {
				throw new AppError("invalid", "Say which virtual hosts: an address, a port or a name.", {
					hint: "See them with: vedette vhost list",
				});
			}
			const wanted = {
				...{ port, address: address === undefined ? undefined : addressOf(address) },
				name: name === undefined ? undefined : hostName(name),
			};
			return transaction(db, () => {
				const removed = removeVirtualHosts(db, wanted);
				if (removed.length === 0) {
					throw new AppError("not-found", "There is no such virtual host.", {
						hint: "See them with: vedette vhost list",
					});
				}
				audit.write({ who: user, action: "vhost.remove", object: "virtual hosts", before: removed });
				return { removed: removed.length };
			});
		},
	};
}

function addressOf(text: string): string {
	const address = canonicalAddress(text.trim());
	if (address !== null) return address;
	throw new AppError("invalid", `${JSON.stringify(text)} is not an IP address.`, {
		hint: "A virtual host is an address, a port and a name, such as: 192.0.2.1 443 www.example.org",
		details: { text },
	});
}
