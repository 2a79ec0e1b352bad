/** Surveys one UDP port: no connection tells whether it is open, so only an answer does. Never rejects. */
import type { PortCoverage } from "../evidence/coverage.ts";
import { mayTalk } from "../scope/scope.ts";
import { escapeBytes } from "./banner-text.ts";
import { nameDatagram } from "./datagrams/name.ts";
import { withDeadline } from "./deadline.ts";
import { type OwnedDialer, openDialer } from "./dialer.ts";
import { failureOf } from "./failure.ts";
import { likely, recogniseAll } from "./observed.ts";
import type { Dialer, Learned, Probe } from "./probe.ts";
import type { PortSurvey, SurveyRequest } from "./recognise.ts";
import { serviceOf } from "./service-name.ts";

const answerMs = 1_000;
const tries = 2;
const deadlineMs = 20_000;

/** Null when nothing answered: silence covers nothing. Hinted probes alone are tried where there are any. */
export async function surveyUdp(request: SurveyRequest): Promise<PortSurvey | null> {
	const { probes, port, signal } = request;
	if (!mayTalk(port)) return null;
	const udp = probes.filter((probe) => probe.transport === "udp");
	const hinted = udp.filter((probe) => probe.ports.includes(port));
	const { answer } = request;
	const survey = async (inner: AbortSignal) => {
		if (answer !== undefined) return await examine(request, answer, inner);
		for (const probe of hinted.length > 0 ? hinted : udp) {
			const found = await ask(request, probe, inner);
			if (found !== null) return found;
		}
		return null;
	};
	try {
		return await withDeadline(signal, request.limits?.portMs ?? deadlineMs, survey, request.turns);
	} catch (error) {
		if (answer !== undefined) return named(request, answer);
		return failureOf(error).reason === "refused" ? surveyOf(request, "closed", []) : null;
	}
}

/** What is behind a port that has answered already: a conversation where there is one, else what the answer says by itself. */
async function examine(request: SurveyRequest, answer: Uint8Array, signal: AbortSignal): Promise<PortSurvey> {
	const { probes } = request;
	const bytes = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength);
	const guesses = recogniseAll(
		bytes,
		probes.filter((probe) => probe.transport === "udp"),
	);
	const dialer = dialerOf(request, signal);
	try {
		for (const guess of guesses.filter(({ confidence }) => confidence >= likely)) {
			const found = await talk(request, guess.probe, dialer, signal);
			if (found !== null) return found;
		}
	} finally {
		dialer.close();
	}
	return named(request, answer);
}

function dialerOf({ address, port, hostname, turns }: SurveyRequest, signal: AbortSignal): OwnedDialer {
	return openDialer({ address, port, hostname, tls: false, signal, ...(turns === undefined ? {} : { turns }) });
}

/** It answers, and nothing more is known than the answer. */
function named(request: SurveyRequest, answer: Uint8Array): PortSurvey {
	const service = nameDatagram(request.port, answer);
	const bytes = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength);
	const banner = { text: escapeBytes(bytes), trigger: service?.name ?? "a datagram" };
	// Of a protocol there is a conversation for, and that has not come about, nothing is proved absent.
	const isSettled = service !== null && !request.probes.some((probe) => probe.name === service.name);
	return {
		...surveyOf(request, isSettled ? "answered" : "unknown", [{ kind: "banner", data: banner, complete: true }]),
		service: service === null ? null : { ...service, tls: false },
	};
}

/** Rejects with ProbeFailure `refused` when the port is proved closed. */
async function ask(request: SurveyRequest, probe: Probe, signal: AbortSignal): Promise<PortSurvey | null> {
	const { address, port, hostname, probes } = request;
	const dialer = dialerOf(request, signal);
	try {
		const hello = probe.hello?.({ hostname, address, port });
		if (hello === undefined) return await talk(request, probe, dialer, signal);
		const answer = await exchange(dialer, hello);
		if (answer === null) return null;
		const guesses = recogniseAll(
			answer,
			probes.filter((candidate) => candidate.transport === "udp"),
		);
		for (const guess of guesses.filter(({ confidence }) => confidence >= likely)) {
			const found = await talk(request, guess.probe, dialer, signal);
			if (found !== null) return found;
		}
		const banner = { text: escapeBytes(answer), trigger: probe.name };
		return surveyOf(request, "unknown", [{ kind: "banner", data: banner, complete: true }]);
	} finally {
		dialer.close();
	}
}

/** Datagrams get lost: asked again once. */
async function exchange(dialer: Dialer, hello: Uint8Array): Promise<Buffer | null> {
	for (let attempt = 0; attempt < tries; attempt += 1) {
		const answer = await dialer.exchange(hello, answerMs);
		if (answer !== null) return answer;
	}
	return null;
}

/** Null when the probe did not understand the target. */
async function talk(
	request: SurveyRequest,
	probe: Probe,
	dial: Dialer,
	signal: AbortSignal,
): Promise<PortSurvey | null> {
	const { address, port, hostname, now = Date.now } = request;
	try {
		const learned = await probe.talk({ address, port, hostname, tls: false, dial, signal, now });
		const lessons = learned.map((lesson) => ({ ...lesson, complete: lesson.complete ?? true })) as Learned;
		const outcome = lessons.every((lesson) => lesson.complete) ? "answered" : "unknown";
		return { ...surveyOf(request, outcome, lessons), service: serviceOf(probe, learned, false) };
	} catch (error) {
		const failure = failureOf(error);
		if (failure.reason === "refused" || failure.reason === "aborted") throw failure;
		return null;
	}
}

function surveyOf(request: SurveyRequest, outcome: PortCoverage["outcome"], lessons: Learned): PortSurvey {
	return {
		lessons,
		service: null,
		coverage: {
			port: request.port,
			protocol: "udp",
			outcome,
			kinds: lessons.filter((lesson) => lesson.complete).map((lesson) => lesson.kind),
			failed: lessons.filter((lesson) => !lesson.complete).map((lesson) => lesson.kind),
		},
	};
}
