/** Handlers of the exports area. */
import { AppError } from "../../../protocol/errors.ts";
import { installationId } from "../../store/installation.ts";
import { chosenFindings } from "../chosen-findings.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";

export function exportsHandlers({ store, exports, version }: Services): AreaHandlers<"exports"> {
	return {
		open: ({ format, filter, ids, author, namespace }) => {
			const now = store.clock.now();
			const path = store.db.location();
			if (path === null) throw new AppError("unavailable", "A database in memory cannot be exported.");
			const installation = installationId(store.db);
			return exports.open({
				...{ path, where: chosenFindings({ filter, ids }, now, { apart: true }) },
				meta: {
					...{ format, installation, version, at: now, filter },
					author: author ?? `Vedette ${installation}`,
					namespace: namespace ?? `urn:uuid:${installation}`,
				},
			});
		},
		read: (params) => exports.read(params.export, params.part),
		close: (params) => {
			exports.close(params.export);
			return {};
		},
	};
}
