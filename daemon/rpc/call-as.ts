/** Calls a method as its client would: the access checked, its params read, its defaults filled in. */
import type { Method, MethodInput, MethodParams, MethodResult } from "../../protocol/catalogue.ts";
import { mayAccess } from "../../protocol/define.ts";
import { AppError } from "../../protocol/errors.ts";
import { validate } from "../../protocol/validate.ts";
import type { CallContext, Handler } from "./handler.ts";

/** Rejects with `forbidden`, with `invalid` for params that are not as the method wants them, and as the method does. */
export async function callAs<M extends Method>(
	context: CallContext,
	method: M,
	handler: Handler<M>,
	params: MethodParams<M>,
): Promise<MethodResult<M>> {
	if (!mayAccess(context.access, method.access)) {
		throw new AppError("forbidden", `${context.user} may not do ${method.name}.`, {
			hint: `It needs ${method.access} access; ask somebody who has it.`,
		});
	}
	return await handler(validate(method.params, params, "What is asked for") as MethodInput<M>, context);
}
