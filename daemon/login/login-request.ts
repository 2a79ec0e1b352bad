/** What the login worker is asked to do and what it answers: plain data that crosses the threads. */
import type { Gap } from "../collect/collector.ts";
import type { Proof } from "../credentials/proof.ts";
import type { EvidenceRecord, Kind } from "../evidence/record.ts";
import type { KnownHost } from "./known-hosts.ts";
import type { Elevation, Standing } from "./task-script.ts";
import type { TrackingWish } from "./tracking.ts";

/** One host on the way, or the host itself. */
export interface HopRequest {
	/** Where to connect: an address, or behind a jump host a name that only it knows. */
	readonly host: string;
	readonly port: number;
	readonly user: string;
	readonly proofs: readonly Proof[];
	/** Under which names its key may be known, the most telling first. */
	readonly names: readonly { readonly host: string; readonly port: number }[];
	/** What is known of keys under these names. */
	readonly known: readonly KnownHost[];
}

export interface LoginRequest {
	readonly address: string;
	readonly jumps: readonly HopRequest[];
	/** The host itself, once for each port to try; at least one. */
	readonly targets: readonly HopRequest[];
	readonly elevation: Elevation;
	readonly tracking: "no" | TrackingWish;
	/** Kinds to gather; absent: all. */
	readonly only?: readonly Kind[];
	/** For each host on the way, milliseconds. */
	readonly hopMs: number;
	/** For the collectors, milliseconds. */
	readonly commandMs: number;
}

export interface ShownKey {
	readonly state: "known" | "unknown" | "other-type" | "changed" | "revoked";
	readonly type: string;
	readonly fingerprint: string;
	readonly host: string;
}

/** A host on the way that let one in. */
export interface Passed {
	readonly host: string;
	readonly port: number;
	readonly user: string;
	readonly method: Proof["kind"];
	readonly key: ShownKey;
}

export interface Tracking {
	readonly id: string | null;
	readonly place: string | null;
	/** `none`: there is none, and none was to be written. */
	readonly state: "read" | "written" | "failed" | "none" | "removed";
	readonly why: string | null;
}

export interface LoginReport {
	readonly port: number | null;
	readonly passed: readonly Passed[];
	/** Null: logged in, and the script has begun. */
	readonly failure: {
		readonly stage: string;
		readonly hop: number;
		readonly reason: string;
		readonly hint: string;
	} | null;
	/** The last key that was shown. */
	readonly hostKey: ShownKey | null;
	readonly standing: Standing | null;
	/** Kinds gathered, without place and time; complete or not. */
	readonly gathered: readonly Gathered[];
	/** Kinds that are not there on this host. */
	readonly absent: readonly Kind[];
	/** Kinds that never came. */
	readonly lost: readonly Kind[];
	/** Why kinds are not whole or never came, where that can be said. */
	readonly gaps: Readonly<Partial<Record<Kind, Gap>>>;
	/** Kinds whose commands did not end in the time they have; among the others too, by what had come. */
	readonly late: readonly Kind[];
	/** Why the output is not whole. */
	readonly cut: "size" | "time" | "connection" | null;
	/** Bytes before the first frame: what the account's shell says by itself. */
	readonly noiseBytes: number;
	readonly outputBytes: number;
	readonly tracking: Tracking | null;
	/** Where on the host what becomes root is, and what is run as root; empty when it was not told. */
	readonly tools: Readonly<Record<string, string>>;
	readonly seconds: number;
}

export type Gathered = {
	[K in Kind]: { kind: K; data: Extract<EvidenceRecord, { kind: K }>["data"]; complete: boolean };
}[Kind];
