/** One login from the first packet to the last parsed answer. Runs in the login worker; a refusal is an outcome, never an error. */
import { randomBytes } from "node:crypto";
import type { Gap } from "../collect/collector.ts";
import { readScriptOutput } from "../collect/script.ts";
import { wantedCollectors } from "../collect/wanted.ts";
import type { Kind } from "../evidence/record.ts";
import type { CommandOutcome } from "./command.ts";
import { LoginFailure } from "./failure.ts";
import { judgeHostKey, knownTypes } from "./known-hosts.ts";
import type { Gathered, HopRequest, LoginReport, LoginRequest, Passed, ShownKey } from "./login-request.ts";
import { type Hop, type HostKey, openSession, type Session } from "./session.ts";
import { readStanding, readTools, taskScript } from "./task-script.ts";
import { readTracking, trackingScript } from "./tracking.ts";

/** Of one host's output, whatever its collectors may have in sum. Bytes. */
const mostOutput = 32 << 20;

/** Never rejects. */
export async function logIn(request: LoginRequest, signal: AbortSignal): Promise<LoginReport> {
	const startedAt = performance.now();
	const seconds = () => Math.round((performance.now() - startedAt) / 10) / 100;
	let report = emptyReport();
	for (const target of request.targets) {
		report = { ...(await tryPort(request, target, signal)), seconds: seconds() };
		const { failure } = report;
		// Only where nobody answers is the next port worth a try; a refusal there would be a refusal here.
		if (failure === null || failure.stage !== "connect" || failure.hop < request.jumps.length || signal.aborted) break;
	}
	return report;
}

async function tryPort(request: LoginRequest, target: HopRequest, signal: AbortSignal): Promise<LoginReport> {
	const hops = [...request.jumps, target];
	const passed: Passed[] = [];
	const shown: { key: ShownKey | null } = { key: null };
	let session: Session | null = null;
	try {
		session = await openSession(
			hops.map((hop) => hopOf(hop, shown)),
			{
				...{ signal, timeoutMs: request.hopMs },
				onPassed: (at, { key, proof }) => {
					const { host, port, user } = hops[at] ?? target;
					const { type, fingerprint } = key;
					passed.push({ host, port, user, method: proof, key: { state: "known", type, fingerprint, host } });
				},
			},
		);
		return { ...(await collect(request, session, signal)), port: target.port, passed, hostKey: shown.key };
	} catch (err) {
		return { ...emptyReport(), port: target.port, passed, hostKey: shown.key, failure: failureOf(err, passed.length) };
	} finally {
		session?.close();
	}
}

function hopOf({ names, known, ...hop }: HopRequest, shown: { key: ShownKey | null }): Hop {
	return {
		...hop,
		knownTypes: [...new Set(names.flatMap(({ host, port }) => knownTypes(known, host, port)))],
		judge(key: HostKey) {
			const state = judgeByNames({ names, known }, key);
			shown.key = { state, type: key.type, fingerprint: key.fingerprint, host: hop.host };
			return state;
		},
	};
}

/** Any name under which the key is wrong outdoes those under which it is right. */
function judgeByNames({ names, known }: Pick<HopRequest, "names" | "known">, key: HostKey): ShownKey["state"] {
	const judged = names.map(({ host, port }) => judgeHostKey(known, host, port, key));
	return (["revoked", "changed", "known", "other-type"] as const).find((one) => judged.includes(one)) ?? "unknown";
}

async function collect(request: LoginRequest, session: Session, signal: AbortSignal): Promise<LoginReport> {
	const nonce = randomBytes(16).toString("hex");
	const before = request.tracking === "no" ? "" : trackingScript(nonce, request.tracking);
	// Whoever came to clear away looks at nothing else.
	const wanted = request.tracking === "remove" ? [] : wantedCollectors(request.only);
	const stdin = taskScript(wanted, { elevation: request.elevation, nonce, before });
	const outcome = await session.run("sh -s", { stdin, signal, timeoutMs: request.commandMs, mostBytes: mostOutput });
	const output = outcome.stdout.toString("utf8");
	const standing = readStanding(output, nonce);
	if (standing === null) throw withoutShell(outcome, request);
	const { sections, late, finished } = readScriptOutput(output, wanted, nonce);
	const gathered: Gathered[] = [];
	const absent: Kind[] = [];
	const lost: Kind[] = [];
	const gaps: Partial<Record<Kind, Gap>> = {};
	for (const collector of wanted) {
		const { kind } = collector;
		const section = sections.get(kind);
		if (section === undefined) {
			lost.push(kind);
			continue;
		}
		const found = collector.parse(section);
		const gap = found === null ? collector.unread?.(section) : found.gap;
		if (gap != null) gaps[kind] = gap;
		if (found !== null) gathered.push({ kind, data: found.data, complete: found.complete } as Gathered);
		else (section.cut || gap != null ? lost : absent).push(kind);
	}
	return {
		...{ ...emptyReport(), failure: null, standing, gathered, absent, lost, late, gaps },
		cut: finished ? null : (outcome.cut ?? "connection"),
		noiseBytes: Buffer.byteLength(output.slice(0, Math.max(0, output.indexOf(`\n${nonce} login `)))),
		outputBytes: outcome.stdout.length,
		tools: readTools(output, nonce),
		tracking: request.tracking === "no" ? null : readTracking(output, nonce),
	};
}

/** The account's shell ran no script: what it said instead is in the reason. */
function withoutShell({ stdout, stderr, cut }: CommandOutcome, { jumps, elevation }: LoginRequest): LoginFailure {
	const hop = jumps.length;
	if (cut === "time") {
		const message = "The account's shell did not begin in time: something at its start waits.";
		return new LoginFailure("shell", hop, message, "Log in once by hand and see what its profile and its shell do.");
	}
	if (cut === "size") {
		const message = "The account's shell talks without end before it does anything.";
		return new LoginFailure(
			"shell",
			hop,
			message,
			"See what its profile prints (.profile, .bashrc, .cshrc, ForceCommand).",
		);
	}
	if (cut === "connection") {
		const message = "The host ended the connection before the account's shell did anything.";
		return new LoginFailure("shell", hop, message, "See the server's log, and whether the account may run commands.");
	}
	// sshd's own words, which it never translates (session.c): the login is let in, and nothing but the change is run.
	if (/password has expired|password change required/i.test(`${stdout} ${stderr}`)) {
		const message = "The account's password has run out and must be changed first.";
		return new LoginFailure("locked", hop, message, "Log in once by hand and change it, or let the account in by key.");
	}
	const said = [stdout, stderr].map((text) => firstLine(text.toString("utf8"))).find((line) => line !== "");
	// Whatever echoes its input would echo the password too.
	const isSafe = elevation.password === null || said?.includes(elevation.password) !== true;
	const message = `The account's shell runs no commands${said === undefined || !isSafe ? "" : `; it says: ${said}`}`;
	return new LoginFailure(
		"shell",
		hop,
		message,
		"Give the scan's account a shell such as /bin/sh, and no ForceCommand.",
	);
}

function firstLine(text: string): string {
	const line = text.split("\n").find((one) => one.trim() !== "") ?? "";
	return line
		.replace(/\p{Cc}/gu, "")
		.trim()
		.slice(0, 200);
}

function failureOf(err: unknown, hop: number): NonNullable<LoginReport["failure"]> {
	if (err instanceof LoginFailure) return { stage: err.stage, hop: err.hop, reason: err.message, hint: err.hint };
	const reason = err instanceof Error ? err.message : String(err);
	return {
		stage: "connect",
		hop,
		reason: `The login failed: ${reason}`,
		hint: "See the daemon's log, and report this.",
	};
}

function emptyReport(): LoginReport {
	return {
		...{ port: null, passed: [], failure: null, hostKey: null, standing: null, gathered: [], absent: [], lost: [] },
		...{ late: [], gaps: {}, tools: {} },
		...{ cut: null, noiseBytes: 0, outputBytes: 0, tracking: null, seconds: 0 },
	};
}
