/** What the handlers work with: the daemon's parts, handed over by daemon.ts. */
import type { DoctorReport } from "../../protocol/model/doctor.ts";
import type { ConcurrencyGroup } from "../../protocol/model/network-figures.ts";
import type { DaemonStatus } from "../../protocol/model/overview.ts";
import type { BulkDesk } from "../bulk/bulk-desk.ts";
import type { KeyStore } from "../credentials/key-store.ts";
import type { Logins } from "../credentials/login-plan.ts";
import type { DuplicateKeeper } from "../duplicates/keeper.ts";
import type { ExportJobs } from "../exports/export-jobs.ts";
import type { Hub } from "../hub.ts";
import type { KnowledgeLibrary } from "../knowledge/advisories/library.ts";
import type { Bundler } from "../knowledge/bundles/bundler.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import type { Updater } from "../knowledge/update/updater.ts";
import type { HostLogins } from "../login/host-login.ts";
import type { MapManager } from "../maps/manager.ts";
import type { InstallationKey } from "../operators/installation-key.ts";
import type { Operators } from "../operators/operators.ts";
import type { People } from "../operators/people.ts";
import type { Governor } from "../packets/governor.ts";
import type { ScanManager } from "../scan/manager.ts";
import type { PlanningContext } from "../scan/request.ts";
import type { TargetLists } from "../scope/target-lists.ts";
import type { Shells } from "../shells/shells.ts";
import type { ListReader } from "../store/list-reader.ts";
import type { Settings } from "../store/settings.ts";
import type { Store } from "../store/store.ts";
import type { Attendance } from "./attendance.ts";
import type { AuditTrail } from "./audit-trail.ts";
import type { NetworkDoor } from "./network-door.ts";
import type { SharedDoor } from "./shared-door.ts";

export interface Services {
	readonly store: Store;
	/** Reads long lists without holding up the daemon. */
	readonly reader: ListReader;
	/** Work on many rows without holding up the daemon. */
	readonly bulk: BulkDesk;
	readonly hub: Hub;
	readonly manager: ScanManager;
	readonly maps: MapManager;
	readonly governor: Governor;
	/** With what their tags stand for now. */
	readonly concurrencyGroups: () => readonly ConcurrencyGroup[];
	/** Finds assets that may be one machine. */
	readonly duplicates: DuplicateKeeper;
	/** Documents that are being read. */
	readonly exports: ExportJobs;
	readonly planning: PlanningContext;
	/** Targets handed over in parts. */
	readonly lists: TargetLists;
	readonly settings: Settings;
	/** Every act that changes something writes an entry; see audit-trail.ts for which of its verbs to use. */
	readonly audit: AuditTrail;
	/** Who may connect and what each may do now. */
	readonly operators: Operators;
	/** What they are called. */
	readonly people: People;
	/** Consoles that are attached. */
	readonly attendance: Attendance;
	readonly sharedDoor: SharedDoor;
	readonly networkDoor: NetworkDoor;
	/** The network door is where the command line said, whatever the settings say. */
	readonly listensByCommand: boolean;
	/** Signs the audit log, and names this daemon in what operators sign. */
	readonly installation: InstallationKey;
	/** What opens the secrets at rest. */
	readonly keys: KeyStore;
	/** Which credentials belong to a host. */
	readonly logins: Logins;
	/** Logs in to hosts. */
	readonly hostLogins: HostLogins;
	/** Terminals with ssh in them. */
	readonly shells: Shells;
	/** Another ssh_config(5) than that of the daemon's user; null: that one. */
	readonly sshConfig: string | null;
	/**
	 * A turn under the limits for what somebody sends to one host by hand, as a scan's packets have; resolves with its end, or
	 * with null when the signal came before.
	 */
	takeTurn(address: string, signal: AbortSignal): Promise<(() => void) | null>;
	readonly version: string;
	/** When this daemon began. ISO 8601. */
	readonly startedAt: string;
	/** The knowledge in force now. */
	knowledge(): Knowledge;
	/** Advisories and what is known of CVEs, by feed. */
	readonly library: KnowledgeLibrary;
	/** Carries knowledge by hand. */
	readonly bundler: Bundler;
	/** Brings feeds here. */
	readonly updater: Updater;
	status(): DaemonStatus;
	/** What `daemon.doctor` answers. */
	examine(): Promise<DoctorReport>;
	/** Asks the process to stop, after the answer has gone out. */
	requestStop(): void;
}
