import { describe, expect, test } from "vitest";
import { ingestHost } from "../assess/ingest.ts";
import { memoryStore, sampleHost, sampleKnowledge } from "../assess/testdata/hosts.ts";
import { compileFilter } from "../query/compile.ts";
import { putTag } from "./asset-tags.ts";
import { listAssets } from "./assets.ts";
import { assetFields } from "./fields.ts";
import { createTag } from "./tags.ts";

const at = Date.UTC(2026, 2, 15);
const day = 86_400_000;
const store = memoryStore(at);
for (let n = 1; n <= 3; n++) ingestHost(store, sampleKnowledge, sampleHost(`127.0.0.${n}`, 1, at - day));
store.db.exec(`UPDATE asset SET os = 'Debian GNU/Linux 12' WHERE id = 1;
	UPDATE asset SET os = 'Windows Server 2019', last_scan = ${at - 100 * day} WHERE id = 2;
	UPDATE asset SET last_scan = NULL, os = NULL WHERE id = 3;
	UPDATE signature SET body = json_set(body, '$.aliases', json('[105053]')) WHERE name = 'mysql/reachable';
	UPDATE finding SET status = 3, open = 0 WHERE asset = 1 AND signature = (SELECT id FROM signature WHERE name = 'redis/open');`);
const silent = { colour: null, description: "", favourite: false, criticality: null, parent: null };
const found = createTag(store.db, { ...silent, name: "Found in 90 days", rule: { kind: "static", text: "" } }, at);
putTag(store.db, found.id, [1], { why: "test", at });

function matching(filter: string): number[] {
	const { where } = compileFilter(filter, assetFields, { now: at });
	return listAssets(store.db, { where, sort: null, limit: 10, cursor: null })
		.items.map(({ id }) => id)
		.sort();
}

describe("queries people bring along run as they are written", () => {
	test.each<[string, number[]]>([
		["vulnerabilities.vulnerability.qid:105015 or vulnerabilities.vulnerability.qid:105053", [1, 2, 3]],
		['not"Found in 90 days" and activatedForModules:"VM"', [2, 3]],
		["not\u201cFound in 90 days\u201d and activatedForModules:\u201cVM\u201d", [2, 3]],
		['tags.name:"Found in 90 days" and activatedForModules:PC', []],
		['not operatingSystem: "windows" and not operatingSystem: "HP" and not operatingSystem: \u2018linux\u2019', [3]],
		["operatingSystem is null", [3]],
		["lastVmScanDate:[now-90d .. now]", [1]],
		["lastVmScanDate:[now-90d ... now]", [1]],
		["not lastVmScanDate:[now-90d .. now]", [2, 3]],
		["lastVmScanDate < now-90d", [2]],
		["lastVmScanDateScanner<now-3M and created:[now-1y .. now]", [2]],
		["vulnerabilities.severity:5 and vulnerabilities.status:FIXED", [1]],
		["vulnerabilities:(severity:5 and status:[NEW, ACTIVE, REOPENED])", [2, 3]],
		["vulnerabilities.vulnerability:(severity:5) and os:debian", [1]],
		["not vulnerabilities:(status:FIXED)", [2, 3]],
		["vulnerabilities.typeDetected:[Confirmed, Potential]", [1, 2, 3]],
		["vulnerabilities.vulnerability.cveIds:`CVE-2022-0543`", [1, 2, 3]],
		["openPorts.port:6379 and openPorts:(port:6379 and protocol:TCP)", [1, 2, 3]],
		["trackingMethod:IP and not trackingMethod:QAGENT", [1, 2, 3]],
		["interfaces.address:127.0.0.2", [2]],
		["interfaces:(address:127.0.0.0/30) and asset.name:127.0.0.1", [1]],
		["operatingSystem:(name:win*)", [2]],
		["operatingSystem: `windows server 2019`", [2]],
		["NOT (NOT (os:*nux))", [1]],
		["software.name:openssl or services:(name:ssh and status:running) or accounts.username:root", []],
		["criticality >= 2", [1]],
		["lastBoot > 2020 or netbiosName:web", []],
	])("%s", (filter, expected) => {
		expect(matching(filter)).toEqual(expected);
	});
});
