import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { connect, createServer as createTcpServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { escapeBytes } from "./banner-text.ts";
import { type FakeServer, serve } from "./loopback.test-support.ts";
import { saysTlsOnly } from "./observed.ts";
import { type Learned, type Probe, ProbeFailure } from "./probe.ts";
import { type SurveyLimits, type SurveyRequest, surveyPort, surveyUdp } from "./recognise.ts";
import { probe as tlsProbe } from "./tls/probe.ts";

const opened: { close(): unknown }[] = [];
afterEach(async () => {
	for (const each of opened.splice(0)) await each.close();
});

async function server(...handlers: Parameters<typeof serve>): Promise<FakeServer> {
	const started = await serve(...handlers);
	opened.push(started);
	return started;
}

const named = { product: "Test", version: "1", info: null };
const read = (name: string) => readFileSync(new URL(`tls/testdata/${name}`, import.meta.url));
const keyPair = { key: read("rsa.key"), cert: read("rsa.crt") };

/** Greets with `220`, answers `CAPA` with what it can do. */
const greeter: Probe = {
	name: "smtp",
	transport: "tcp",
	ports: [],
	speaksFirst: "server",
	recognise: (bytes) => (bytes.toString("latin1").startsWith("220 ") ? 0.9 : 0),
	async talk({ dial, tls }) {
		const connection = await dial.connect();
		const banner = await connection.readLine();
		await connection.write("CAPA\n");
		const starttls = (await connection.readLine()) === "STARTTLS";
		const lists = { extensions: [], authMechanisms: [] };
		return [{ kind: "smtp", data: { ...named, ...lists, tls, banner, hostname: null, starttls, vrfy: false } }];
	},
	async startTls(connection) {
		await connection.readLine();
		await connection.write("STARTTLS\n");
		return (await connection.readLine()) === "GO";
	},
	offersStartTls: (learned) => learned.some((lesson) => lesson.kind === "smtp" && lesson.data.starttls),
};

/** Waits for `STATS`; complains about anything else with `ERROR`. */
const asker: Probe = {
	name: "memcached",
	transport: "tcp",
	ports: [],
	speaksFirst: "client",
	hello: () => Buffer.from("STATS\n"),
	recognise: (bytes) => (/^(STAT |ERROR)/.test(bytes.toString("latin1")) ? 0.9 : 0),
	async talk({ dial }) {
		const connection = await dial.connect();
		await connection.write("STATS\n");
		await connection.readLine();
		return [{ kind: "memcached", data: { ...named, statsReadable: true, items: null } }];
	},
};

const web: Probe = {
	name: "http",
	transport: "tcp",
	ports: [],
	speaksFirst: "client",
	hello: () => Buffer.from("GET / HTTP/1.0\r\n\r\n"),
	recognise: (bytes) => (bytes.toString("latin1").startsWith("HTTP/1.") ? 0.95 : 0),
	async talk({ dial, tls }) {
		const connection = await dial.connect();
		await connection.write("GET / HTTP/1.0\r\n\r\n");
		await connection.readLine();
		return [{ kind: "redis", data: { ...named, tls, authenticationRequired: false, ...redisRest } }];
	},
};
const redisRest = { protectedMode: false, mode: null, role: null, os: null };

const probes = [greeter, asker, web, tlsProbe];
const limits: Partial<SurveyLimits> = {
	portMs: 4_000,
	tlsMs: 6_000,
	dialer: { waitMs: 500, connectMs: 1_000 },
	identify: { greetingMs: 300, strayGreetingMs: 100, answerMs: 150, longShotMs: 100 },
};

function survey(port: number, options: Partial<SurveyRequest> = {}) {
	const { signal } = new AbortController();
	return surveyPort({ address: "127.0.0.1", port, hostname: null, signal, probes, limits, ...options });
}

const hinted = (probe: Probe, port: number) =>
	probes.map((each) => (each === probe ? { ...each, ports: [port] } : each));
const answerCapa = (socket: Socket, chunk: Buffer) => {
	if (chunk.toString() === "CAPA\n") socket.write("NOTHING\n");
};

describe("surveyPort", () => {
	it("hears a greeting on any port and talks on over the same connection", async () => {
		const { port, heard } = await server({ greet: (socket) => socket.write("220 hi\r\n"), onData: answerCapa });
		const { service, coverage, lessons } = await survey(port);
		expect(service).toEqual({ name: "smtp", tls: false, product: "Test", version: "1", info: null });
		expect(coverage).toEqual({ port, protocol: "tcp", outcome: "answered", kinds: ["smtp"], failed: [] });
		expect(lessons[0]?.complete).toBe(true);
		expect(heard.map(String)).toEqual(["CAPA\n"]);
	});

	it("sends a hinted hello at once", async () => {
		const { port, heard } = await server({ onData: (socket) => socket.write("STAT x\n") });
		const { service } = await survey(port, { probes: hinted(asker, port) });
		expect(service?.name).toBe("memcached");
		expect(heard.map(String)).toEqual(["STATS\n", "STATS\n"]);
	});

	it("recognises a protocol by its answer to another one's hello", async () => {
		const { port } = await server({ onData: (socket) => socket.write("ERROR\n") });
		const { service } = await survey(port, { probes: hinted(web, port) });
		expect(service?.name).toBe("memcached");
	});

	it("recognises a greeting on a port where a hello is expected", async () => {
		const { port } = await server({ greet: (socket) => socket.write("220 hi\r\n"), onData: answerCapa });
		expect((await survey(port, { probes: hinted(tlsProbe, port) })).service?.name).toBe("smtp");
	});

	it("looks into TLS and recognises what is inside", async () => {
		const port = await secureWeb();
		const { service, coverage, lessons } = await survey(port);
		expect(service).toMatchObject({ name: "http", tls: true, product: "Test" });
		expect(coverage).toMatchObject({ outcome: "answered", kinds: ["tls", "certificate", "redis"], failed: [] });
		expect(lessons.find((lesson) => lesson.kind === "redis")?.data).toMatchObject({ tls: true });
	});

	it("tries TLS where an HTTP server says that it wants it", async () => {
		const inner = await secureWeb();
		const { port } = await server({
			onData: (socket, chunk) => {
				if (chunk[0] === 0x47) {
					socket.end("HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port");
				} else if (chunk[0] === 0x16) {
					socket.removeAllListeners("data");
					forward(socket, chunk, inner);
				}
			},
		});
		const { service } = await survey(port, { probes: hinted(web, port) });
		expect(service).toMatchObject({ name: "http", tls: true });
	});

	it("keeps what is inside unknown when nothing in TLS is recognised", async () => {
		const port = await secureServer(() => undefined);
		const { service, coverage } = await survey(port);
		expect(service).toMatchObject({ name: "tls", tls: true });
		expect(coverage).toMatchObject({ outcome: "unknown", kinds: ["tls", "certificate"] });
	});

	it("upgrades by STARTTLS where it is offered", async () => {
		const inner = await secureWeb();
		const { port } = await server({
			greet: (socket) => socket.write("220 hi\r\n"),
			onData: (socket, chunk) => {
				if (chunk.toString() === "CAPA\n") socket.write("STARTTLS\n");
				if (chunk.toString() !== "STARTTLS\n") return;
				socket.removeAllListeners("data");
				socket.write("GO\n");
				forward(socket, Buffer.alloc(0), inner);
			},
		});
		const { lessons, coverage } = await survey(port);
		expect(coverage).toMatchObject({ outcome: "answered", kinds: ["smtp", "tls", "certificate"] });
		expect(lessons.find((lesson) => lesson.kind === "tls")?.data).toMatchObject({ starttls: "smtp" });
	});

	it("goes through TLS, plain or by STARTTLS, only where that is wanted, and then says nothing is absent", async () => {
		const whole = await survey(await secureWeb(), { only: ["redis"] });
		expect(whole.service).toMatchObject({ name: "http", tls: true, product: "Test" });
		expect(whole.coverage).toMatchObject({ outcome: "unknown", kinds: ["redis"], failed: [] });
		const upgrades: string[] = [];
		const { port } = await server({
			greet: (socket) => socket.write("220 hi\r\n"),
			onData: (socket, chunk) => {
				upgrades.push(chunk.toString());
				if (chunk.toString() === "CAPA\n") socket.write("STARTTLS\n");
			},
		});
		const { coverage } = await survey(port, { only: ["smtp"] });
		expect(coverage).toMatchObject({ outcome: "unknown", kinds: ["smtp"], failed: [] });
		expect(upgrades).not.toContain("STARTTLS\n");
		const tls = await survey(await secureWeb(), { only: ["certificate"] });
		expect(tls.coverage).toMatchObject({ outcome: "answered", kinds: ["tls", "certificate", "redis"] });
	});

	it("keeps the words of a service nobody knows", async () => {
		const { port } = await server({ greet: (socket) => socket.write("Knock\x07 knock\n") });
		const { lessons, service, coverage } = await survey(port);
		expect(service).toBeNull();
		expect(lessons).toEqual([
			{ kind: "banner", data: { text: "Knock\\x07 knock\\x0a", trigger: "nothing" }, complete: true },
		]);
		expect(coverage).toMatchObject({ outcome: "unknown", kinds: ["banner"] });
	});

	it("says closed of a port that refuses", async () => {
		const { port, close } = await serve({});
		await close();
		expect((await survey(port)).coverage).toMatchObject({ outcome: "closed", kinds: [], failed: [] });
	});

	it("covers nothing of a port that stays silent", async () => {
		const { port } = await server({});
		expect((await survey(port)).coverage).toMatchObject({ outcome: "unknown", kinds: [], failed: [] });
	});

	it("sends not one byte to a printer, not even when asked to", async () => {
		let bytes = 0;
		const printer = createTcpServer((socket) => socket.on("data", (chunk) => (bytes += chunk.length)));
		await new Promise<void>((resolve) => printer.listen(9100, "127.91.0.1", resolve));
		opened.push(printer);
		const { coverage, lessons } = await survey(9100, { address: "127.91.0.1", probes: hinted(web, 9100) });
		expect(coverage).toEqual({ port: 9100, protocol: "tcp", outcome: "unknown", kinds: [], failed: [] });
		expect(lessons).toEqual([]);
		expect(bytes).toBe(0);
	});

	it.each([
		["throws", () => Promise.reject(new TypeError("a bug"))],
		["fails", () => Promise.reject(new ProbeFailure("protocol"))],
		["never settles", () => new Promise<Learned>(() => undefined)],
		["learns nothing", () => Promise.resolve([])],
	])("a probe that %s leaves its kind failed", async (_what, talk) => {
		const { port } = await server({ greet: (socket) => socket.write("220 hi\r\n") });
		const broken = { ...greeter, talk };
		const { coverage, service } = await survey(port, { probes: [broken], limits: { ...limits, portMs: 600 } });
		expect(coverage).toMatchObject({ outcome: "unknown", kinds: [], failed: ["smtp"] });
		expect(service?.name).toBe("smtp");
	});

	it("survives a probe whose recogniser throws", async () => {
		const { port } = await server({ greet: (socket) => socket.write("220 hi\r\n"), onData: answerCapa });
		const broken: Probe = {
			...asker,
			recognise: () => {
				throw new RangeError("a bug");
			},
		};
		expect((await survey(port, { probes: [broken, greeter] })).service?.name).toBe("smtp");
	});

	it("does not call an incomplete record covered", async () => {
		const { port } = await server({ greet: (socket) => socket.write("220 hi\r\n"), onData: answerCapa });
		const partial: Probe = {
			...greeter,
			talk: async (context) => (await greeter.talk(context)).map((lesson) => ({ ...lesson, complete: false })),
		};
		const { coverage } = await survey(port, { probes: [partial] });
		expect(coverage).toMatchObject({ outcome: "unknown", kinds: [], failed: ["smtp"] });
	});

	it("says nothing is absent when a probe breaks after it has learned", async () => {
		const { port } = await server({ greet: (socket) => socket.write("220 hi\r\n"), onData: answerCapa });
		const broken: Probe = {
			...greeter,
			offersStartTls: () => {
				throw new TypeError("a bug");
			},
		};
		const { coverage } = await survey(port, { probes: [broken] });
		expect(coverage).toMatchObject({ outcome: "unknown", kinds: ["smtp"], failed: [] });
	});

	it("ends at once when aborted", async () => {
		const controller = new AbortController();
		const { port } = await server({ greet: () => controller.abort() });
		const long = 600_000;
		// Nothing else ends it before the test's own time is up.
		const patient: Partial<SurveyLimits> = {
			...{ portMs: long, tlsMs: long, dialer: { waitMs: long, connectMs: long } },
			identify: { greetingMs: long, strayGreetingMs: long, answerMs: long, longShotMs: long },
		};
		const { lessons } = await survey(port, { signal: controller.signal, limits: patient });
		expect(lessons).toEqual([]);
	});
});

describe("hostile services end at the deadline", () => {
	const pour = (chunk: Buffer) => (socket: Socket) => {
		const more = () => {
			while (!socket.destroyed && socket.write(chunk));
		};
		socket.on("drain", more);
		more();
	};
	const greetings: Record<string, (socket: Socket) => void> = {
		"pour letters": pour(Buffer.alloc(60_000, 0x41)),
		"pour zeros": pour(Buffer.alloc(60_000)),
		"pour a greeting without end": pour(Buffer.from("220-more\r\n".repeat(5_000))),
		"drip a greeting": (socket) => {
			const drip = setInterval(() => socket.write("2"), 30);
			socket.on("close", () => clearInterval(drip));
		},
		"hang up": (socket) => socket.destroy(),
		reset: (socket) => socket.resetAndDestroy(),
		"greet and reset": (socket) => socket.write("220 x\r\n", () => socket.resetAndDestroy()),
		"send half a TLS record": (socket) => socket.write(Buffer.of(22, 3, 3, 0x40, 0, 2, 0, 0)),
		"send a web page without end": (socket) => {
			socket.write("HTTP/1.1 200 OK\r\n\r\n");
			pour(Buffer.from("<p>".repeat(10_000)))(socket);
		},
	};
	it.each(Object.entries(greetings))("that %s", async (_what, greet) => {
		const { port } = await server({ greet });
		const { coverage } = await survey(port, { limits: { ...limits, portMs: 1_500, tlsMs: 1_500 } });
		expect(coverage.port).toBe(port);
	});
});

describe("surveyUdp", () => {
	const dnsLike: Probe = {
		...asker,
		name: "snmp",
		transport: "udp",
		recognise: (bytes) => (bytes.toString() === "pong" ? 1 : 0),
		hello: () => Buffer.from("ping"),
		talk: async ({ dial }) => {
			if ((await dial.exchange(Buffer.from("ping"), 300)) === null) throw new ProbeFailure("timeout");
			return [{ kind: "memcached", data: { ...named, statsReadable: true, items: null } }];
		},
	};
	async function udp(answer: string | null): Promise<number> {
		const socket = createSocket("udp4");
		if (answer !== null) socket.on("message", (_message, from) => socket.send(answer, from.port, from.address));
		await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
		opened.push(socket);
		return socket.address().port;
	}
	const ask = (port: number) =>
		surveyUdp({
			...{ address: "127.0.0.1", port, hostname: null, signal: new AbortController().signal },
			...{ probes: [dnsLike, greeter], limits: { portMs: 500 } },
		});

	it("names what answers", async () => {
		const found = await ask(await udp("pong"));
		expect(found?.service?.name).toBe("snmp");
		expect(found?.coverage).toMatchObject({ protocol: "udp", outcome: "answered", kinds: ["memcached"] });
	});

	it("keeps an answer nobody understands", async () => {
		const found = await ask(await udp("\x01what"));
		expect(found?.lessons[0]).toMatchObject({ kind: "banner", data: { text: "\\x01what", trigger: "snmp" } });
		expect(found?.coverage.outcome).toBe("unknown");
	});

	it("gives nothing for silence, and closed for a refusal", async () => {
		expect(await ask(await udp(null))).toBeNull();
		const socket = createSocket("udp4");
		await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
		const { port } = socket.address();
		await new Promise<void>((resolve) => socket.close(() => resolve()));
		expect((await ask(port))?.coverage.outcome).toBe("closed");
	});
});

describe("saysTlsOnly", () => {
	it.each([
		["The plain HTTP request was sent to HTTPS port", true],
		["Client sent an HTTP request to an HTTPS server.", true],
		["You're speaking plain HTTP to an SSL-enabled server port.", true],
		["This combination of host and port requires TLS.", true],
		["Not found", false],
	])("%s", (words, expected) => {
		expect(saysTlsOnly(Buffer.from(`HTTP/1.1 400 Bad Request\r\n\r\n${words}`))).toBe(expected);
		expect(saysTlsOnly(Buffer.from(`HTTP/1.1 200 OK\r\n\r\n${words}`))).toBe(false);
	});
});

describe("escapeBytes", () => {
	it("shows every byte and lets none through that a terminal would act on", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => {
				const text = escapeBytes(Buffer.from(bytes));
				expect(text).toMatch(/^[\x20-\x7e]*$/);
				const back = text.replace(/\\x([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
				expect(Buffer.from(back, "latin1")).toEqual(Buffer.from(bytes.subarray(0, 512)));
			}),
		);
	});
});

async function secureServer(onSocket: (socket: Socket) => void): Promise<number> {
	const started = createTlsServer(keyPair, (socket) => {
		socket.on("error", () => undefined);
		onSocket(socket);
	});
	started.on("tlsClientError", () => undefined);
	await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
	opened.push({ close: () => started.close() });
	const address = started.address();
	return typeof address === "object" && address !== null ? address.port : 0;
}

function secureWeb(): Promise<number> {
	return secureServer((socket) => socket.on("data", () => socket.end("HTTP/1.1 200 OK\r\n\r\nhi")));
}

function forward(socket: Socket, first: Buffer, port: number): void {
	const onward = connect(port, "127.0.0.1");
	onward.on("error", () => socket.destroy());
	socket.on("close", () => onward.destroy());
	onward.write(first);
	socket.pipe(onward).pipe(socket);
}
