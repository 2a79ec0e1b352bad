/** Holds the walls of the house: who may import whom, where files may lie, how long they may be. */
import { globSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Source {
	/** From the root, with `/`. */
	readonly path: string;
	readonly text: string;
	/** Relative imports, resolved to paths from the root. */
	readonly imports: readonly { readonly path: string; readonly dynamic: boolean }[];
	readonly isTest: boolean;
}

const sources: readonly Source[] = globSync("{protocol,daemon,tui,test}/**/*.{ts,tsx}", { cwd: root })
	.map(read)
	.sort(byPath);
const code = sources.filter(({ isTest }) => !isTest);

function read(path: string): Source {
	const text = readFileSync(join(root, path), "utf8");
	return {
		path,
		text,
		imports: importsOf(path, text),
		isTest: path.startsWith("test/") || /\.test(-support)?\.tsx?$/.test(path),
	};
}

function byPath(a: Source, b: Source): number {
	return a.path < b.path ? -1 : 1;
}

function importsOf(path: string, text: string): Source["imports"] {
	const found = text.matchAll(/(?:\bfrom|\bimport)\s*(\(?)\s*"(\.[^"]*)"/g);
	return [...found].map(([, bracket, to = ""]) => ({ path: join(dirname(path), to), dynamic: bracket === "(" }));
}

/** Every import that `isWrong`, as `from -> to`. */
function wrongImports(
	among: readonly Source[],
	isWrong: (from: Source, to: { path: string; dynamic: boolean }) => boolean,
) {
	return among.flatMap((from) =>
		from.imports.filter((to) => isWrong(from, to)).map((to) => `${from.path} -> ${to.path}`),
	);
}

const house = (path: string) => path.split("/")[0] ?? "";

describe("who may import whom", () => {
	test("the imports are found at all", () => {
		expect(sources.length).toBeGreaterThan(100);
		const listing = sources.find(({ path }) => path === "daemon/daemon.ts");
		expect(listing?.imports.map(({ path }) => path)).toContain("daemon/store/store.ts");
	});

	test("protocol imports nothing of ours", () => {
		const inProtocol = sources.filter(({ path }) => house(path) === "protocol");
		expect(wrongImports(inProtocol, (_, to) => house(to.path) !== "protocol")).toEqual([]);
	});

	test("the client needs no Node", () => {
		const reached = reachable("protocol/client.ts");
		expect(reached.filter(({ text }) => /from "(node:|ws")/.test(text)).map(({ path }) => path)).toEqual([]);
	});

	/** The console and the daemon are one executable: few commands load the daemon's code, and only when they run. */
	const doors: Record<string, string> = {
		"tui/daemon-process.ts": "daemon/main.ts",
		"tui/connect/start-daemon.ts": "daemon/spawn.ts",
		"tui/connect/local-doctor.ts": "daemon/local-doctor.ts",
	};
	const outside = new Set(["package.json"]);

	test("tui and daemon know only the protocol besides themselves", () => {
		for (const side of ["tui", "daemon"]) {
			const files = code.filter(({ path }) => house(path) === side);
			const wrong = wrongImports(files, (from, to) => {
				if (house(to.path) === side || house(to.path) === "protocol" || outside.has(to.path)) return false;
				return !(to.dynamic && doors[from.path] === to.path);
			});
			expect(wrong).toEqual([]);
		}
	});

	test("nothing that ships imports a test", () => {
		expect(wrongImports(code, (_, to) => /^test\/|\.test(-support)?\.tsx?$/.test(to.path))).toEqual([]);
	});
});

test("what may be skipped is skipped by one file, which VEDETTE_NO_SKIPS speaks to", () => {
	const skips = sources.filter(
		({ isTest, text }) => isTest && /\b(skipIf|runIf|ctx\.skip|(test|it|describe)\.(skip|todo|only))\b/.test(text),
	);
	expect(skips.map(({ path }) => path)).toEqual(["test/architecture.test.ts", "test/support/needing.ts"]);
});

/** The stages of the daemon and what each may know besides itself. Below: what the ones above are made of. */
const stages: Record<string, readonly string[]> = {
	scope: [],
	evidence: [],
	query: [],
	xml: [],
	packets: ["scope"],
	probes: ["scope", "evidence"],
	ghosts: ["scope", "packets", "evidence"],
	runs: ["scope"],
	scan: ["scope", "packets", "probes", "evidence", "ghosts", "runs"],
	credentials: ["store", "tags"],
	login: ["evidence", "credentials", "collect", "scope"],
	knowledge: ["evidence", "xml"],
	collect: ["evidence"],
	imports: ["evidence", "collect", "xml"],
	store: ["evidence", "query"],
	identity: ["evidence", "store"],
	inventory: ["evidence", "query", "store", "identity", "tickets"],
	tags: ["query", "store"],
	exceptions: ["query", "store"],
	tickets: ["query", "store"],
	bulk: ["store", "exceptions", "tickets"],
	assess: ["evidence", "store", "identity", "inventory", "knowledge", "tags", "exceptions", "tickets", "priorities"],
	maps: ["scope", "packets", "probes", "evidence", "ghosts", "runs", "scan", "store", "identity", "tags"],
	duplicates: ["evidence", "query", "store", "identity", "inventory", "tags", "tickets"],
	exports: ["query", "store", "assess"],
	remedy: ["evidence", "knowledge", "store", "assess"],
	doctor: ["packets"],
	operators: ["store"],
	shells: [],
	priorities: ["scope", "store"],
	recipes: ["query", "store", "identity", "rpc"],
	rpc: [
		"scope",
		"packets",
		"ghosts",
		"runs",
		"scan",
		"maps",
		"evidence",
		"imports",
		"query",
		"knowledge",
		"store",
		"identity",
		"inventory",
		"duplicates",
		"exports",
		"remedy",
		"assess",
		"credentials",
		"login",
		"tags",
		"exceptions",
		"tickets",
		"bulk",
		"operators",
		"shells",
		"priorities",
	],
};
/** Small things at the daemon's root that any stage may use; the rest of the root is where stages meet. */
const shared = ["clock", "heap-growth", "hub", "lock", "package-root", "regular-file", "worker-url"].map(
	(name) => `daemon/${name}.ts`,
);

describe("inside the daemon", () => {
	const stageOf = (path: string) => (path.split("/").length > 2 ? path.split("/")[1] : undefined);
	const inStages = code.filter(({ path }) => house(path) === "daemon" && stageOf(path) !== undefined);

	test("every folder is a stage with its place in the order", () => {
		expect([...new Set(inStages.map(({ path }) => stageOf(path)))].sort()).toEqual(Object.keys(stages).sort());
	});

	test("the order has no circle", () => {
		const visit = (stage: string, above: readonly string[]): void => {
			expect(above, [...above, stage].join(" -> ")).not.toContain(stage);
			for (const below of stages[stage] ?? []) visit(below, [...above, stage]);
		};
		for (const stage of Object.keys(stages)) visit(stage, []);
	});

	test("a stage knows only those below it", () => {
		const wrong = wrongImports(inStages, (from, to) => {
			if (house(to.path) !== "daemon" || shared.includes(to.path)) return false;
			const own = stageOf(from.path) ?? "";
			const other = stageOf(to.path);
			return other !== own && !(stages[own] ?? []).includes(other ?? "");
		});
		expect(wrong).toEqual([]);
	});

	test("verdicts are reached without a clock, a socket or a file", () => {
		const pure = code.filter(
			({ path }) => /^daemon\/(evidence|query|collect)\//.test(path) || /^daemon\/probes\/.*\/parse\.ts$/.test(path),
		);
		expect(pure.length).toBeGreaterThan(10);
		const impure = /from "node:(net|dgram|tls|fs|fs\/promises|http|https|child_process|worker_threads)"|\bDate\.now\(/;
		expect(pure.filter(({ text }) => impure.test(text)).map(({ path }) => path)).toEqual([]);
	});
});

describe("inside the console", () => {
	test("screens never import screens", () => {
		const screenOf = (path: string) => /^tui\/screens\/([^/]+)\//.exec(path)?.[1];
		const screens = code.filter(({ path }) => screenOf(path) !== undefined);
		const wrong = wrongImports(screens, (from, to) => {
			const other = screenOf(to.path);
			return other !== undefined && other !== screenOf(from.path);
		});
		expect(wrong).toEqual([]);
	});
});

describe("files", () => {
	test("none is too long", () => {
		const tooLong = sources
			.map(({ path, text, isTest }) => ({ path, lines: text.split("\n").length, limit: isTest ? 600 : 500 }))
			.filter(({ lines, limit }) => lines > limit);
		expect(tooLong).toEqual([]);
	});

	test("names say what is inside, in kebab-case", () => {
		const vague = /(^|\/)(utils?|helpers?|types|misc|stuff|shared|lib|manager-impl)(\/|\.tsx?$)/;
		expect(sources.filter(({ path }) => vague.test(path)).map(({ path }) => path)).toEqual([]);
		const kebab = /^[a-z0-9]+([-.][a-z0-9]+)*\.tsx?$/;
		expect(sources.filter(({ path }) => !kebab.test(path.split("/").at(-1) ?? "")).map(({ path }) => path)).toEqual([]);
	});

	test("each says first what it is", () => {
		const silent = code.filter(({ text }) => !/^(#!.*\n)?\/\*\*/.test(text));
		expect(silent.map(({ path }) => path)).toEqual([]);
	});

	test("none speaks of the machine it was written on, or leaves work behind without an issue", () => {
		const machine = new RegExp(["(?<![\\w.}])/wo" + "rk/", "bash" + "_jobs"].join("|"));
		const unfinished = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "XX" + "X"].join("|")})\\b(?! ?\\(#\\d+\\))`);
		const texts = globSync("{protocol,daemon,tui,test,signatures,.ci}/**/*.{ts,tsx,md,yaml,json,sql,sh}", {
			cwd: root,
		});
		const wrong = [...texts, ...readdirSync(root).filter((name) => name.endsWith(".md"))].filter((path) => {
			const text = readFileSync(join(root, path), "utf8");
			return machine.test(text) || (/\.tsx?$/.test(path) && unfinished.test(text));
		});
		expect(wrong).toEqual([]);
	});

	test("the top level stays what it is", () => {
		const made = ["node_modules", "dist", "coverage", ".git", ".vedette"];
		const allowed = [
			...["protocol", "daemon", "tui", "signatures", "test", ".ci"],
			...["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "NOTICE"],
			...["package.json", "package-lock.json", "tsconfig.json", "biome.json", "vitest.config.ts", "rolldown.config.ts"],
			...[".gitignore", ".gitattributes", ".npmrc", ".editorconfig"],
		];
		const present = readdirSync(root).filter((name) => !made.includes(name) && !/\.(log|tsbuildinfo)$/.test(name));
		expect(present.filter((name) => !allowed.includes(name))).toEqual([]);
	});
});

test("who did something is shown by name, not by identity", () => {
	const did =
		"(?:added|approved|changed|created|decided|edited|ended|granted|made|opened|restored|saved|set|updated)By";
	const raw = new RegExp(`(?:\\$\\{|=> |\\[)(?:\\w+\\.)?${did}\\b(?! ===).*`, "g");
	const files = sources.filter(
		({ path }) => /^tui\/(?:commands|components|screens)\//.test(path) && !/\.test/.test(path),
	);
	expect(files.flatMap(({ path, text }) => [...text.matchAll(raw)].map(([found]) => `${path}: ${found}`))).toEqual([]);
});

test("files that run side by side scan loopback networks of their own", () => {
	const files = sources.filter(({ path }) => /^test\/e2e\/.*\.test\.ts$/.test(path));
	const users = new Map<string, string[]>();
	for (const { path, text } of files) {
		const named = [...text.matchAll(/\b127\.(\d+\.\d+)\b|openConsoleHome\((\d+)/g)];
		const networks = new Set(named.map(([, network, third]) => network ?? `0.${third}`));
		// On the addresses everybody uses, ports are taken as they are free.
		networks.delete("0.0");
		for (const network of networks) users.set(network, [...(users.get(network) ?? []), path]);
	}
	expect(users.size).toBeGreaterThan(20);
	expect([...users].filter(([, paths]) => paths.length > 1)).toEqual([]);
});

/** A file and everything it imports, however indirectly. */
function reachable(path: string, seen = new Map<string, Source>()): Source[] {
	const source = sources.find((one) => one.path === path);
	if (source && !seen.has(path)) {
		seen.set(path, source);
		for (const to of source.imports) reachable(to.path, seen);
	}
	return [...seen.values()];
}
