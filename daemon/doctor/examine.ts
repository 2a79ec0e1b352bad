/** Everything `doctor` looks at in a process and its home, in the order it is shown. Sends no packet, changes nothing. */
import type { HomePaths } from "../../protocol/home.ts";
import type { DoctorCheck, DoctorReport } from "../../protocol/model/doctor.ts";
import type { KnowledgeStatus } from "../../protocol/model/overview.ts";
import { loadLibc } from "../packets/libc.ts";
import { checkDatabase } from "./database.ts";
import { checkClock, checkNameServers, checkNode, checkTimeZone } from "./machine.ts";
import {
	checkConntrack,
	checkDescriptors,
	checkEngine,
	checkLibc,
	checkLocalPorts,
	checkPingGroup,
	checkRights,
	type EngineFacts,
	readRights,
} from "./packets.ts";
import { checkDisk, checkHome, checkSocket } from "./place.ts";
import { checkSignatures } from "./signatures.ts";

export interface Patient {
	readonly home: HomePaths;
	readonly env: NodeJS.ProcessEnv;
	readonly engine: EngineFacts;
	readonly knowledge: KnowledgeStatus;
	/** This process is the daemon of the home. */
	readonly running: boolean;
	/** The latest moment the home's records speak of, Unix milliseconds; null when not known. */
	readonly newest: number | null;
	readonly now: number;
}

/** Takes as long as SQLite needs to look through the database, half a minute at most. Never rejects. */
export async function examine({ home, env, engine, knowledge, running, newest, now }: Patient): Promise<DoctorReport> {
	const rights = readRights();
	const checks: DoctorCheck[] = [
		checkEngine(engine),
		checkRights(rights),
		checkLibc(loadLibc()),
		checkPingGroup(rights),
		checkDescriptors(),
		checkLocalPorts(),
		checkConntrack(),
		checkHome(home),
		checkDisk(home),
		await checkDatabase(home.storePath),
		checkSignatures(knowledge),
		checkSocket(home, running),
		checkClock(now, newest),
		checkTimeZone(env, now),
		checkNameServers(),
		checkNode(),
	];
	return { checkedAt: new Date(now).toISOString(), checks };
}
