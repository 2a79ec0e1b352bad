/** The filter that has the findings a request covers, set apart or not. Pure. */
import type { ExceptionScope } from "../../../protocol/model/exception.ts";
import { exactly, withTerm } from "../../text/filter-terms.ts";
import type { RequestDetail } from "./describe-request.ts";

/** A filter has 4,000 characters at most. */
const mostNamed = 300;
/** Named, so that the list leaves out neither. */
const eitherWay = "(excepted:true or excepted:false)";

export function coveredFilter({
	exception: { scope },
	findings,
}: Pick<RequestDetail, "exception" | "findings">): string {
	return termsOf(scope, findings[0]?.asset.name).reduce(withTerm, eitherWay);
}

function termsOf(scope: ExceptionScope, asset: string | undefined): string[] {
	if (scope.kind === "findings") return [`id:[${scope.findings.slice(0, mostNamed).join(", ")}]`];
	const checks = scope.qids.length === 0 ? [] : [`qid:[${scope.qids.join(", ")}]`];
	if (scope.kind === "asset") return [...checks, ...(asset === undefined ? [] : [`asset:${exactly(asset)}`])];
	return [...checks, ...(scope.query.trim() === "" ? [] : [`(${scope.query.trim()})`])];
}
