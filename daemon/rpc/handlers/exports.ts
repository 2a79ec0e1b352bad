/** Handlers of the exports area. */
import { AppError } from "../../../protocol/errors.ts";
import type { ExportReader } from "../../exports/export-jobs.ts";
import { installationId } from "../../store/installation.ts";
import { chosenFindings } from "../chosen-findings.ts";
import type { AreaHandlers, CallContext } from "../handler.ts";
import type { Services } from "../services.ts";

export function exportsHandlers({ store, exports, version }: Services): AreaHandlers<"exports"> {
	return {
		open: ({ format, filter, ids, author, namespace }, context) => {
			const now = store.clock.now();
			const path = store.db.location();
			if (path === null) throw new AppError("unavailable", "A database in memory cannot be exported.");
			const installation = installationId(store.db);
			const where = chosenFindings({ filter, ids }, now, { apart: true });
			const meta = {
				...{ format, installation, version, at: now, filter },
				author: author ?? `Vedette ${installation}`,
				namespace: namespace ?? `urn:uuid:${installation}`,
			};
			return exports.open({ path, where, meta }, readerOf(context));
		},
		read: (params, context) => exports.read(params.export, params.part, readerOf(context)),
		close: (params) => {
			exports.close(params.export);
			return {};
		},
	};
}

function readerOf({ signal, connection }: CallContext): ExportReader {
	return { signal, ended: connection?.ended };
}
