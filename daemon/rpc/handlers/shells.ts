/** Handlers of the shells area: whose shell it is, and where none may be opened. */
import { AppError } from "../../../protocol/errors.ts";
import { findAsset } from "../../store/assets.ts";
import type { AreaHandlers, AreaStreams } from "../handler.ts";
import type { Services } from "../services.ts";
import { scopeAt } from "./check-login.ts";

export function shellsHandlers({ shells, store, planning, sshConfig }: Services): AreaHandlers<"shells"> {
	return {
		async open({ asset: id, address: wanted, port, user, columns, rows }, { user: by }) {
			const asset = findAsset(store.db, { id });
			if (asset === null) {
				throw new AppError("not-found", `There is no asset ${id}.`, { hint: "List them with: vedette assets" });
			}
			const address = wanted ?? asset.addresses[0];
			if (address === undefined || !asset.addresses.includes(address)) {
				throw new AppError("not-found", `${asset.name} has no address${wanted === undefined ? "" : ` ${wanted}`}.`, {
					hint:
						asset.addresses.length === 0
							? "It has lost its addresses to other assets."
							: `It has ${asset.addresses[0]}.`,
				});
			}
			await scopeAt(planning, address);
			return shells.open({
				...{ address, port, user: user ?? null, sshConfig },
				...{ asset: { id, name: asset.name }, by, columns, rows },
			});
		},
		list: (_params, { user }) => ({ items: shells.list(user) }),
		write({ shell, text }, { user }) {
			shells.get(shell, user).write(text);
			return {};
		},
		heard({ shell, position }, { user }) {
			shells.get(shell, user).heard(position);
			return {};
		},
		resize({ shell, columns, rows }, { user }) {
			shells.get(shell, user).resize(columns, rows);
			return {};
		},
		close({ shell }, { user }) {
			shells.close(shell, user);
			return {};
		},
	};
}

export function shellsStreams({ shells }: Services): AreaStreams<"shells"> {
	return {
		follow({ shell: id }, emit, { user }) {
			const shell = shells.get(id, user);
			const { replay, position, close } = shell.follow(emit);
			return { snapshot: { shell: shell.info, replay, position }, close };
		},
	};
}
