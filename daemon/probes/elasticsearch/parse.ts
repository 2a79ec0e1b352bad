/** What GET / and the list of indices of an Elasticsearch or OpenSearch node say. Pure; nothing here throws. */
import type { Software } from "../software.ts";

const maxDepth = 20;

export interface SearchNode extends Software {
	clusterName: string | null;
	nodeName: string | null;
}

/** The node behind the JSON of GET /; null when it is something else. */
export function parseRoot(text: string): SearchNode | null {
	const root = parseJson(text.slice(0, 65_536));
	if (!isObject(root) || !isObject(root.version)) return null;
	const { version } = root;
	const number = textOrNull(version.number);
	if (number === null || !("cluster_name" in root || "tagline" in root)) return null;
	const tagline = textOrNull(root.tagline) ?? "";
	const openSearch = version.distribution === "opensearch" || /opensearch/i.test(tagline);
	if (!openSearch && !("lucene_version" in version) && !/you know, for search/i.test(tagline)) return null;
	const flavour = [textOrNull(version.build_flavor), textOrNull(version.build_type)].filter((word) => word !== null);
	return {
		product: openSearch ? "OpenSearch" : "Elasticsearch",
		version: number,
		info: flavour.length > 0 ? flavour.join(" ") : null,
		clusterName: textOrNull(root.cluster_name),
		nodeName: textOrNull(root.name),
	};
}

/** The product behind a refusal without a login, told by its realm, its own header or its error; null when untold. */
export function productBehindRefusal(authenticate: string, elasticHeader: string, body: string): string | null {
	if (/realm="?OpenSearch/i.test(authenticate)) return "OpenSearch";
	if (/^Elasticsearch$/i.test(elasticHeader)) return "Elasticsearch";
	return /missing authentication (?:credentials|token) for REST request/i.test(body.slice(0, 8_192))
		? "Elasticsearch"
		: null;
}

/** Names in an answer to _cat/indices?h=index, one a line; null when the text is no such list. */
export function countIndices(text: string): number | null {
	const names = text.split("\n").map((line) => line.trim());
	const filled = names.filter((name) => name !== "");
	return filled.every((name) => /^[^\s"*\\<|,>/?A-Z{}]{1,255}$/.test(name)) ? filled.length : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOrNull(value: unknown): string | null {
	return typeof value === "string" && value !== "" ? value.slice(0, 200) : null;
}

function parseJson(text: string): unknown {
	if (!/^\s*\{/.test(text) || tooDeep(text)) return null;
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

/** Brackets open at once, those within strings counted too: only ever an answer on the careful side. */
function tooDeep(text: string): boolean {
	let depth = 0;
	for (const mark of text) {
		if (mark === "{" || mark === "[") depth += 1;
		else if (mark === "}" || mark === "]") depth -= 1;
		if (depth > maxDepth) return true;
	}
	return false;
}
