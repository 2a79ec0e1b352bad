/** How an AppError travels: as a JSON-RPC error object whose `data` carries code, hint and details. Both directions. */
import { z } from "zod";
import { AppError, codeOfRpcNumber, errorCodes, rpcNumberOf } from "./errors.ts";

/** `data` of a JSON-RPC error object. `incident` is the id under which the daemon's log has the full story. */
export const rpcErrorData = z.object({
	code: z.enum(errorCodes),
	hint: z.string().optional(),
	details: z.record(z.string(), z.unknown()).optional(),
	incident: z.string().optional(),
});

/** JSON-RPC 2.0, section 5.1. */
const methodNotFound = -32601;

export interface RpcError {
	readonly code: number;
	readonly message: string;
	readonly data?: unknown;
}

export function toRpcError(error: AppError, incident?: string): RpcError {
	const data: z.input<typeof rpcErrorData> = { code: error.code };
	if (error.hint !== undefined) data.hint = error.hint;
	if (error.details !== undefined) data.details = error.details;
	if (incident !== undefined) data.incident = incident;
	return { code: rpcNumberOf(error.code), message: error.message, data };
}

/** Never fails: an error of a foreign shape becomes the code its number stands for. */
export function fromRpcError(error: RpcError): AppError {
	const data = rpcErrorData.safeParse(error.data);
	if (!data.success) return new AppError(codeOfRpcNumber(error.code), error.message);
	const { code, hint, incident } = data.data;
	// What JSON-RPC itself says of the method, whatever is said of it besides.
	const details = error.code === methodNotFound ? { ...data.data.details, isUnknownMethod: true } : data.data.details;
	return new AppError(code, error.message, {
		hint,
		details: incident === undefined ? details : { ...details, incident },
	});
}
