import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countIndices, parseRoot, productBehindRefusal } from "./parse.ts";

const openSearch = `{
  "name" : "node-1",
  "cluster_name" : "docker-cluster",
  "cluster_uuid" : "p1nEDJxuT0mnUBKsVYdkKQ",
  "version" : {
    "distribution" : "opensearch",
    "number" : "2.11.0",
    "build_type" : "tar",
    "build_snapshot" : false,
    "lucene_version" : "9.7.0"
  },
  "tagline" : "The OpenSearch Project: https://opensearch.org/"
}
`;
const elastic1 = `{
  "status" : 200,
  "name" : "Jack Flag",
  "cluster_name" : "elasticsearch",
  "version" : { "number" : "1.4.1", "lucene_version" : "4.10.2" },
  "tagline" : "You Know, for Search"
}`;

describe("root", () => {
	test("OpenSearch", () => {
		expect(parseRoot(openSearch)).toEqual({
			product: "OpenSearch",
			version: "2.11.0",
			info: "tar",
			clusterName: "docker-cluster",
			nodeName: "node-1",
		});
	});

	test("an old Elasticsearch", () => {
		expect(parseRoot(elastic1)).toMatchObject({ product: "Elasticsearch", version: "1.4.1", nodeName: "Jack Flag" });
	});

	test.each([
		"",
		"<html>",
		"[]",
		"{}",
		'{"version":"7"}',
		'{"version":{"number":"1.0"}}',
		'{"cluster_name":"x","version":{"number":7}}',
		"{".repeat(60_000),
	])("something else: %.40s", (text) => {
		expect(parseRoot(text)).toBeNull();
	});
});

test("a refusal tells the product by realm, header or error", () => {
	expect(productBehindRefusal('Basic realm="OpenSearch Security"', "", "")).toBe("OpenSearch");
	expect(productBehindRefusal('Basic realm="security"', "Elasticsearch", "")).toBe("Elasticsearch");
	const error = '{"error":{"reason":"missing authentication credentials for REST request [/]"},"status":401}';
	expect(productBehindRefusal('Basic realm="security" charset="UTF-8"', "", error)).toBe("Elasticsearch");
	expect(productBehindRefusal('Basic realm="router"', "", "<h1>401</h1>")).toBeNull();
});

test("indices are counted only in what is a list of them", () => {
	expect(countIndices("users\n.kibana_7.17.9_001\nlogs-2024.01.01 \n")).toBe(3);
	expect(countIndices("")).toBe(0);
	expect(countIndices("<html>\n")).toBeNull();
	expect(countIndices('{"error":"x"}')).toBeNull();
});

test("no text makes a parser throw", () => {
	fc.assert(
		fc.property(
			fc.oneof(fc.json(), fc.string(), fc.constant(openSearch)),
			fc.nat(300),
			fc.string(),
			(text, at, part) => {
				const changed = text.slice(0, at) + part + text.slice(at + part.length);
				parseRoot(changed);
				countIndices(changed);
				productBehindRefusal(changed, part, text);
				return true;
			},
		),
		{ numRuns: 2_000 },
	);
});
