/** The forms and questions about option profiles: clone, edit, delete. */
import { clone, edit, remove } from "../../../protocol/methods/profiles.ts";
import { traceChoices } from "../../../protocol/model/map.ts";
import {
	type Profile,
	type ProfileOptions,
	performanceLevelNames,
	performanceLevels,
	profileOptions,
	profilePortSets,
	profileUdpPortSets,
} from "../../../protocol/model/profile.ts";
import { validate } from "../../../protocol/validate.ts";
import { keyOf } from "../../keys/find-binding.ts";
import type { FormField, FormValues, Handler, Route, ScreenContext } from "../../screens/view.ts";
import { count } from "../../text/format.ts";

/** `shown`: where to go with a profile that is new. */
export function cloneHandler(
	context: ScreenContext,
	current: () => Profile | undefined,
	shown: (name: string) => Route,
): Handler {
	return {
		run() {
			const profile = current();
			if (!profile) return;
			context.open({
				to: "form",
				form: {
					title: `Make a profile of “${profile.name}”`,
					verb: "makes it",
					fields: [
						{
							name: "name",
							label: "Name",
							value: `${profile.name} 2`,
							hint: `its options are those of the other; ${keyOf("profiles", "edit")} edits them`,
						},
					],
					async submit({ name = "" }) {
						const made = await context.client.call(clone, { from: profile.name, name });
						context.toast("good", `The profile “${made.name}” is there; ${keyOf("profiles", "edit")} edits it.`);
						return shown(made.name);
					},
				},
			});
		},
		disabled: () => (current() ? undefined : "There is no profile here."),
	};
}

export function editHandler(context: ScreenContext, current: () => Profile | undefined, done: () => void): Handler {
	return {
		run() {
			const profile = current();
			if (profile) openEdit(context, profile, done);
		},
		disabled() {
			const profile = current();
			if (!profile) return "There is no profile here.";
			return profile.builtIn ? `It is built in; ${keyOf("profiles", "clone")} makes one of your own of it.` : undefined;
		},
	};
}

export function deleteHandler(context: ScreenContext, current: () => Profile | undefined, done: () => void): Handler {
	return {
		run() {
			const profile = current();
			if (!profile) return;
			context.open({
				to: "confirm",
				question: {
					title: `Delete the profile “${profile.name}”?`,
					effect: ["No new scan can use it. Its versions are kept for the scans that did.", "This cannot be undone."],
					yes: "Delete it",
					no: "Keep it",
					run() {
						context.client.call(remove, { name: profile.name }).then(() => {
							context.toast("good", `Deleted the profile “${profile.name}”.`);
							done();
						}, context.fail);
					},
				},
			});
		},
		disabled() {
			const profile = current();
			if (!profile) return "There is no profile here.";
			return profile.builtIn ? "It is built in and stays." : undefined;
		},
	};
}

function openEdit(context: ScreenContext, profile: Profile, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: `Edit “${profile.name}”, version ${profile.version}`,
			verb: `saves version ${profile.version + 1}`,
			fields: fieldsOf(profile.options),
			preview(values) {
				const options = optionsOf(values, profile.options);
				const { level } = options.performance;
				const limits = level === "custom" ? profile.limits : performanceLevels[level];
				return [`${count(limits.ratePerSecond)} attempts a second, ${limits.retries} further tries for a silent port.`];
			},
			async submit(values) {
				const options = optionsOf(values, profile.options);
				const saved = await context.client.call(edit, { name: profile.name, version: profile.version, options });
				context.toast("good", `“${saved.name}” is version ${saved.version} now; scans begun earlier keep theirs.`);
				done();
				return undefined;
			},
		},
	});
}

const yesNo = ["yes", "no"] as const;
const minutesHint = "minutes, or none; what was found by then is kept";

function fieldsOf(options: ProfileOptions): FormField[] {
	const { ports, udp, discovery, performance, maps } = options;
	const text = (name: string, label: string, value: string, hint: string): FormField => ({ name, label, value, hint });
	const pick = (name: string, label: string, value: string, choices: readonly string[], hint: string): FormField => ({
		...{ name, label, value, choices, hint },
	});
	const bool = (value: boolean) => (value ? "yes" : "no");
	const levels = performance.level === "custom" ? ["custom", ...performanceLevelNames] : performanceLevelNames;
	return [
		text("description", "Meaning", options.description, "in a sentence, for whoever chooses it"),
		pick("ports", "TCP ports", ports.set, profilePortSets, "the set of every host"),
		text("morePorts", "and", ports.additional, "further TCP ports, such as 8081,9000-9010"),
		pick("udp", "UDP ports", udp.set, profileUdpPortSets, "the set of every host"),
		text("moreUdp", "and", udp.additional, "further UDP ports, such as 5000-5010"),
		pick("icmp", "ICMP echo", bool(discovery.icmp), yesNo, "tells whether a host is there"),
		pick("arp", "ARP, ND", bool(discovery.arp), yesNo, "so does this, on the local link; needs CAP_NET_RAW"),
		text("discovery", "Found by TCP", discovery.ports, "ports that tell whether a host is there; empty for none"),
		text("ack", "by TCP ACK", discovery.ackPorts, "the same with a bare ACK; needs CAP_NET_RAW"),
		text("discoveryUdp", "by UDP", discovery.udpPorts, "the same over UDP; empty for none"),
		pick(
			"dead",
			"Silent hosts",
			discovery.scanDeadHosts ? "scan" : "leave",
			["leave", "scan"],
			"leave alone, or scan all the same",
		),
		text(
			"closeDead",
			"Close after",
			noneOr(discovery.closeDeadAfter),
			"1-10 scans in a row that miss a host close its findings; or none",
		),
		pick("level", "Pace", performance.level, levels, "low for fragile links, high for a network of one's own"),
		text("perHost", "Minutes a host", noneOr(options.maxMinutesPerHost), minutesHint),
		text("perScan", "Minutes a scan", noneOr(options.maxMinutesPerScan), minutesHint),
		text("resolver", "Maps ask", maps.resolver, "name server, address or address:port; empty: the one kept for maps"),
		pick("trace", "Maps trace", maps.trace, traceChoices, "of which live hosts the routers on the way are found"),
	];
}

function optionsOf(values: FormValues, before: ProfileOptions): ProfileOptions {
	const text = (name: string) => (values[name] ?? "").trim();
	const level = text("level");
	const performance = level === before.performance.level ? before.performance : { level };
	return validate(
		profileOptions,
		{
			...before,
			description: text("description"),
			ports: { set: text("ports"), additional: text("morePorts") },
			udp: { set: text("udp"), additional: text("moreUdp") },
			discovery: {
				...before.discovery,
				...{ icmp: text("icmp") === "yes", arp: text("arp") === "yes", ports: text("discovery") },
				...{ ackPorts: text("ack"), udpPorts: text("discoveryUdp"), scanDeadHosts: text("dead") === "scan" },
				closeDeadAfter: numberOrNone(text("closeDead")),
			},
			performance,
			maps: { ...before.maps, resolver: text("resolver"), trace: text("trace") },
			maxMinutesPerHost: numberOrNone(text("perHost")),
			maxMinutesPerScan: numberOrNone(text("perScan")),
		},
		"The profile",
	);
}

function noneOr(value: number | null): string {
	return value === null ? "none" : String(value);
}

/** What is no number stays as it is: the schema says what is wrong with it. */
function numberOrNone(text: string): number | string | null {
	if (/^(none|)$/i.test(text)) return null;
	return /^\d+$/.test(text) ? Number(text) : text;
}
