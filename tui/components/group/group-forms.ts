/** The dialogs about asset groups: making one, saying what it is, changing what is in it, deleting it. */
import { addAddresses, create, edit, remove, removeAddresses } from "../../../protocol/methods/groups.ts";
import { type AssetGroup, businessImpacts, cvssEnvironment } from "../../../protocol/model/group.ts";
import type { FormField, FormValues, ScreenContext } from "../../screens/view.ts";
import { count, plural } from "../../text/format.ts";

const field = (name: string, label: string, value: string, hint: string): FormField => ({ name, label, value, hint });
const listed = (text: string) => text.split(/[\s,;]+/).filter((word) => word !== "");
const addressHint = "192.0.2.0/24  192.0.3.1-192.0.3.9  www.example.org";

export function openNewGroup(context: ScreenContext, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: "A new asset group",
			verb: "makes it",
			fields: [
				field("title", "Title", "", "scans and maps call it group:TITLE"),
				field("addresses", "Addresses", "", addressHint),
				field("network", "Network", "", "where its addresses are, for good; empty: default"),
				...wordFields(null),
			],
			async submit(values) {
				const { title = "", addresses = "", network = "" } = values;
				const { owner, ...words } = wordsIn(values);
				const made = await context.client.call(create, {
					...{ title, addresses: listed(addresses), ...words },
					...(owner === "" ? {} : { owner }),
					...(network.trim() === "" ? {} : { network: network.trim() }),
				});
				context.toast("good", `The group ${made.title} has ${plural(made.addresses, "address", "addresses")}.`);
				done();
				return undefined;
			},
		},
	});
}

export function openEditGroup(context: ScreenContext, group: AssetGroup, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: `Edit the group ${group.title}`,
			verb: "saves",
			fields: [
				field("title", "Title", group.title, "scans that were started with it keep to what it was"),
				...wordFields(group),
			],
			async submit(values) {
				const saved = await context.client.call(edit, {
					...{ group: group.title, title: values.title ?? group.title, ...wordsIn(values) },
				});
				context.toast("good", `The group ${saved.title} is saved.`);
				done();
				return undefined;
			},
		},
	});
}

/** More addresses, or fewer. */
export function openAddresses(
	context: ScreenContext,
	group: AssetGroup,
	verb: "add" | "remove",
	done: () => void,
): void {
	context.open({
		to: "form",
		form: {
			title: verb === "add" ? `Add to ${group.title}` : `Take out of ${group.title}`,
			verb: verb === "add" ? "adds them" : "takes them out",
			fields: [field("addresses", "Addresses", "", addressHint)],
			preview: () => (verb === "add" ? [] : ["The assets stay; what is not in the group is passed over."]),
			async submit({ addresses = "" }) {
				const method = verb === "add" ? addAddresses : removeAddresses;
				const made = await context.client.call(method, { group: group.title, addresses: listed(addresses) });
				const words = verb === "add" ? "more in" : "fewer in";
				context.toast(
					"good",
					`${count(made.changed)} ${words} ${made.group.title}: ${count(made.group.addresses)} now.`,
				);
				done();
				return undefined;
			},
		},
	});
}

export function openDeleteGroup(context: ScreenContext, group: AssetGroup, done: () => void): void {
	context.open({
		to: "confirm",
		question: {
			title: `Delete the group ${group.title}?`,
			effect: [
				"The assets stay, and scans that were started with it go on.",
				"Queries and scans cannot name it any more. This cannot be undone.",
			],
			...{ yes: "Delete", no: "Keep" },
			run: () =>
				void context.client.call(remove, { group: group.title }).then(() => {
					context.toast("good", `The group ${group.title} is deleted.`);
					done();
				}, context.fail),
		},
	});
}

function wordFields(group: AssetGroup | null): FormField[] {
	return [
		{
			...field("impact", "Impact", group?.businessImpact ?? "none", "what it means to the business"),
			choices: businessImpacts,
		},
		field("comments", "Comments", group?.comments ?? "", "what it is for"),
		field("division", "Division", group?.division ?? "", "part of the company"),
		field("function", "Function", group?.function ?? "", "what it does"),
		field("location", "Location", group?.location ?? "", "where it is"),
		field("domains", "Domains", group?.domains.join(" ") ?? "", "mapped when the group is mapped"),
		field("dnsNames", "DNS names", group?.dnsNames.join(" ") ?? "", "looked up when the group is scanned"),
		field("netbiosNames", "NetBIOS names", group?.netbiosNames.join(" ") ?? "", "e.g. FILES PRINTS"),
		field("owner", "Owner", group?.owner ?? "", "whose it is; empty: who makes it"),
		...metrics.map(([metric, label, levels]) => ({
			...field(metric, label, group?.cvss[metric] ?? "not-defined", metricHints[metric]),
			choices: levels,
		})),
	];
}

const metricHints = {
	cdp: "collateral damage potential",
	td: "target distribution",
	cr: "how much confidentiality matters",
	ir: "how much integrity matters",
	ar: "how much availability matters",
};

/** Metric, as it is called, and its levels. */
const metrics = (["cdp", "td", "cr", "ir", "ar"] as const).map((metric) => {
	return [metric, `CVSS ${metric.toUpperCase()}`, cvssEnvironment.shape[metric].unwrap().options] as const;
});

function wordsIn(values: FormValues) {
	const { impact = "none", comments = "", division = "", location = "", owner = "" } = values;
	const lists = {
		domains: listed(values.domains ?? ""),
		dnsNames: listed(values.dnsNames ?? ""),
		netbiosNames: listed(values.netbiosNames ?? ""),
	};
	const businessImpact = businessImpacts.find((one) => one === impact) ?? "none";
	const cvss = cvssEnvironment.parse(Object.fromEntries(metrics.map(([metric]) => [metric, values[metric]])));
	return { businessImpact, comments, division, function: values.function ?? "", location, owner, ...lists, cvss };
}
