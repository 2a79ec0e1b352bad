/** Updates of the knowledge by the settings, those of the schedule written into the audit log. */

import type { Logger } from "pino";
import { systemClock } from "./clock.ts";
import type { KnowledgeLibrary } from "./knowledge/advisories/library.ts";
import { defaultSources } from "./knowledge/update/default-sources.ts";
import { Updater } from "./knowledge/update/updater.ts";
import type { AuditTrail } from "./rpc/audit-trail.ts";
import type { Settings } from "./store/settings.ts";
import { listSources } from "./store/settings-sources.ts";

export function updaterOf(library: KnowledgeLibrary, settings: Settings, audit: AuditTrail, log: Logger): Updater {
	return new Updater({
		library,
		sources: () => listSources(settings.data, defaultSources),
		settings: () => settings.data.updates,
		now: () => systemClock.now(),
		onScheduled(outcome) {
			if ("err" in outcome) log.error(outcome, "the scheduled update of the knowledge failed");
			else {
				log.info({ steps: outcome.report.steps }, "the scheduled update of the knowledge");
				audit.note({ who: "schedule", action: "knowledge.update", object: "knowledge" });
			}
		},
	});
}
