import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { http } from "../../evidence/kinds/http.ts";
import { dialedContext } from "./dialed.test-support.ts";
import { hashFavicon } from "./favicon.ts";
import { canaryPath, wellKnownPaths } from "./paths.ts";
import { probe } from "./probe.ts";

let server: Server | null = null;
afterEach(() => server?.close());

interface Heard {
	requests: string[];
	connections: number;
	hosts: Set<string | undefined>;
}

/** A real server; what `answer` does not end gets 404. */
async function site(answer: (request: IncomingMessage, response: ServerResponse) => unknown, hostname?: string) {
	const heard: Heard = { requests: [], connections: 0, hosts: new Set() };
	server = createServer((request, response) => {
		heard.requests.push(`${request.method} ${request.url}`);
		heard.hosts.add(request.headers.host);
		answer(request, response);
		if (!response.writableEnded) response.writeHead(404).end("no such page");
	});
	server.on("connection", () => {
		heard.connections += 1;
	});
	await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	const [lesson, ...further] = await probe.talk(dialedContext(port, hostname === undefined ? {} : { hostname }));
	if (lesson?.kind !== "http") throw new Error("no http lesson");
	expect(http.parse(lesson.data)).toEqual(lesson.data);
	return { data: lesson.data, complete: lesson.complete, further, heard, port };
}

const files =
	(pages: Record<string, string>) =>
	({ url }: IncomingMessage, response: ServerResponse) => {
		const page = pages[url ?? ""];
		if (page !== undefined) response.end(page);
	};

describe("a site", () => {
	test("its page, fields, cookies and methods over one connection", async () => {
		const { data, complete, heard, port } = await site(({ method, url }, response) => {
			if (method === "OPTIONS") response.writeHead(200, { allow: "GET, HEAD,options" }).end();
			if (method === "OPTIONS" || url !== "/") return;
			response.setHeader("Set-Cookie", ["sid=secret; HttpOnly", "theme=dark; Secure; SameSite=Strict"]);
			response.setHeader("Server", "nginx/1.18.0 (Ubuntu)");
			response.end("<title>Front</title>");
		});
		expect(complete).toBe(true);
		expect(data).toMatchObject({ status: 200, reason: "OK", title: "Front", body: "<title>Front</title>" });
		expect(data).toMatchObject({ product: "nginx", version: "1.18.0", info: "(Ubuntu)", tls: false });
		expect(data.cookies).toEqual([
			{ name: "sid", secure: false, httpOnly: true, sameSite: null },
			{ name: "theme", secure: true, httpOnly: false, sameSite: "strict" },
		]);
		expect(data.methods).toEqual(["GET", "HEAD", "OPTIONS"]);
		expect(data.answersEverything).toBe(false);
		expect(data.paths).toEqual([]);
		expect(heard.connections).toBe(1);
		expect(heard.hosts).toEqual(new Set([`127.0.0.1:${port}`]));
		expect(new Set(heard.requests.map((request) => request.split(" ")[0]))).toEqual(new Set(["GET", "OPTIONS"]));
		expect(heard.requests).toHaveLength(4 + wellKnownPaths.length);
	});

	test("asked for by name, it hears that name", async () => {
		const { data, heard, port } = await site(files({ "/": "x" }), "shop.test");
		expect(heard.hosts).toEqual(new Set([`shop.test:${port}`]));
		expect(data.hostname).toBe("shop.test");
	});

	test("what it exposes is told with an excerpt", async () => {
		const { data } = await site(
			files({ "/": "x", "/.git/HEAD": "ref: refs/heads/main\n", "/.env": "A=1\n".repeat(5_000) }),
		);
		expect(data.paths.map(({ path, status, length }) => [path, status, length])).toEqual([
			["/.git/HEAD", 200, 21],
			["/.env", 200, 20_000],
		]);
		expect(data.paths[0]?.excerpt).toBe("ref: refs/heads/main\n");
		expect(data.paths[1]?.excerpt).toHaveLength(512);
	});

	test("a private key is told of, not kept", async () => {
		const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n";
		const { data } = await site(files({ "/": "x", "/.ssh/id_rsa": key }));
		expect(data.paths).toMatchObject([{ path: "/.ssh/id_rsa", excerpt: "-----BEGIN OPENSSH PRIVATE KEY-----" }]);
	});

	test("one page for everything proves nothing, but a real file among it is told", async () => {
		const { data } = await site(({ url }, response) =>
			response.end(url === "/.git/HEAD" ? "ref: refs/heads/main" : `<p>You asked for ${url}</p>`),
		);
		expect(data.answersEverything).toBe(true);
		expect(data.paths.map(({ path }) => path)).toEqual(["/.git/HEAD"]);
		expect(data.favicon).toBeNull();
	});

	test("a login before everything is one finding, not one for each path", async () => {
		const { data } = await site((_request, response) =>
			response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end("who?"),
		);
		expect(data.authSchemes).toEqual(["basic"]);
		expect(data.paths).toEqual([]);
	});

	test("its icon is found through the page, else at the usual place", async () => {
		const icon = Buffer.from([0, 0, 1, 0, 1, 2, 3]);
		const linked = await site(({ url }, response) => {
			if (url === "/app/") response.end('<link rel="icon" href="img/x.png">');
			if (url === "/") response.writeHead(302, { location: "/app/" }).end();
			if (url === "/app/img/x.png") response.end(icon);
		});
		expect(linked.data.favicon).toEqual(hashFavicon(icon));
		server?.close();
		const usual = await site(({ url }, response) => (url === "/favicon.ico" ? response.end(icon) : undefined));
		expect(usual.data.favicon).toEqual(hashFavicon(icon));
	});

	test.each([
		["gzip", gzipSync],
		["br", brotliCompressSync],
	])("a page in %s", async (coding, compress) => {
		const { data } = await site((_request, response) => {
			response.writeHead(200, { "content-encoding": coding }).end(compress("<title>Packed</title>"));
		});
		expect(data.title).toBe("Packed");
	});
});

describe("redirects", () => {
	test("are followed on the same port only, the last answer counts", async () => {
		const { data, heard } = await site(({ url, headers }, response) => {
			if (url === "/") response.writeHead(301, { location: `http://${headers.host}/a` }).end();
			if (url === "/a") response.writeHead(302, { location: "http://127.0.0.1:1/elsewhere" }).end("away");
		});
		expect(data.redirects.map(({ status }) => status)).toEqual([301]);
		expect(data).toMatchObject({ status: 302, body: "away", headers: { location: "http://127.0.0.1:1/elsewhere" } });
		expect(heard.requests.slice(0, 3)).toEqual(["GET /", "GET /a", `GET ${canaryPath}`]);
	});

	test("in a circle end where it closes", async () => {
		const { data } = await site(({ url }, response) => {
			if (url === "/" || url === "/b") response.writeHead(302, { location: url === "/" ? "/b" : "/" }).end();
		});
		expect(data.redirects).toEqual([{ status: 302, location: "/b" }]);
	});

	test("without end stop at five", async () => {
		let n = 0;
		const { data } = await site((_request, response) => response.writeHead(302, { location: `/${n++}` }).end());
		expect(data.redirects).toHaveLength(5);
		expect(data.status).toBe(302);
	});
});

describe("elasticsearch behind it", () => {
	test("a node without a login, and its indices", async () => {
		const root = {
			name: "n1",
			cluster_name: "c1",
			version: { number: "7.17.9", build_flavor: "default", build_type: "deb", lucene_version: "8.11.1" },
			tagline: "You Know, for Search",
		};
		const { further } = await site(files({ "/": JSON.stringify(root), "/_cat/indices?h=index": "users\n.kibana_1\n" }));
		expect(further).toEqual([
			{
				kind: "elasticsearch",
				complete: true,
				data: {
					product: "Elasticsearch",
					version: "7.17.9",
					info: "default deb",
					clusterName: "c1",
					nodeName: "n1",
					tls: false,
					authenticationRequired: false,
					indices: 2,
				},
			},
		]);
	});

	test("a node that asks for a login", async () => {
		const { further } = await site((_request, response) =>
			response.writeHead(401, { "www-authenticate": 'Basic realm="OpenSearch Security"' }).end("Unauthorized"),
		);
		expect(further).toMatchObject([
			{ kind: "elasticsearch", data: { product: "OpenSearch", authenticationRequired: true } },
		]);
	});

	test("any other site is none", async () => {
		expect((await site(files({ "/": '{"version":{"number":"1"}}' }))).further).toEqual([]);
	});
});
