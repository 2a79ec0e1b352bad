/** Handlers of the exports area. */
import { AppError } from "../../../protocol/errors.ts";
import { compileFilter } from "../../query/compile.ts";
import { findingFields, findingScope } from "../../store/fields.ts";
import { installationId } from "../../store/installation.ts";
import { numberListWhere } from "../../store/picked-findings.ts";
import { scoped } from "../../store/query-lists.ts";
import type { AreaHandlers } from "../handler.ts";
import type { Services } from "../services.ts";

export function exportsHandlers({ store, exports, version }: Services): AreaHandlers<"exports"> {
	return {
		open: ({ format, filter, ids, author, namespace }) => {
			const now = store.clock.now();
			const path = store.db.location();
			if (path === null) throw new AppError("unavailable", "A database in memory cannot be exported.");
			const { where, named } = compileFilter(filter, findingFields, { now });
			const chosen = ids === undefined ? null : numberListWhere(ids);
			// What is set apart is in an export all the same, marked.
			const scope = chosen === null ? findingScope(new Set([...named, "excepted", "ignored"])) : null;
			const installation = installationId(store.db);
			return exports.open({
				...{ path, where: chosen ?? scoped(where, scope) },
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
