/** Elasticsearch and OpenSearch speak HTTP: this reads the answer the http probe already has, and asks one thing more. */
import type { Answer } from "../http/client.ts";
import { textOf, valuesOf } from "../http/parse.ts";
import type { Lesson } from "../probe.ts";
import { countIndices, parseRoot, productBehindRefusal } from "./parse.ts";

const maxListBytes = 256 * 1_024;

/** Asks the same server on; null when it did not answer. */
export interface Asker {
	ask(method: "GET", path: string, maxBody: number): Promise<Answer | null>;
}

/** The lesson behind the answer to GET /, or null when another server gave it. */
export async function learnElasticsearch(
	asker: Asker,
	root: Answer,
	tls: boolean,
): Promise<Lesson<"elasticsearch"> | null> {
	const { status } = root.head;
	const body = textOf(root.body);
	const node = status === 200 ? parseRoot(body) : null;
	if (node) {
		const list = await asker.ask("GET", "/_cat/indices?h=index", maxListBytes);
		const indices = list?.head.status === 200 && list.whole ? countIndices(textOf(list.body)) : null;
		return {
			kind: "elasticsearch",
			data: { ...node, tls, authenticationRequired: false, indices },
			complete: list !== null,
		};
	}
	if (status !== 401 && status !== 403) return null;
	const authenticate = valuesOf(root.head, "www-authenticate").join(", ");
	const product = productBehindRefusal(authenticate, valuesOf(root.head, "x-elastic-product")[0] ?? "", body);
	if (product === null) return null;
	const untold = { version: null, info: null, clusterName: null, nodeName: null, indices: null };
	return { kind: "elasticsearch", data: { product, ...untold, tls, authenticationRequired: true } };
}
