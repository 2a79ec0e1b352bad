/** The form that starts a map, from wherever it is asked for: what, by which profile, without what, who is asked for names. */
import { start } from "../../../protocol/methods/maps.ts";
import { list as listProfiles } from "../../../protocol/methods/profiles.ts";
import { netblockSizes, traceChoices } from "../../../protocol/model/map.ts";
import type { ScreenContext } from "../../screens/view.ts";
import { plural } from "../../text/format.ts";

const traceWords: Readonly<Record<string, string>> = {
	"as the profile says": "",
	none: "no routers are looked for",
	sample: "the routers on the way to one host of each /24",
	all: "the routers on the way to every live host",
};

/** `target` is what stands in the first field. */
export function openNewMap(context: ScreenContext, target = "none:[127.0.0.0/28]"): void {
	const open = (profiles: readonly { name: string; options: { description: string } }[]) => {
		const described = new Map(profiles.map(({ name, options }) => [name, options.description]));
		context.open({
			to: "form",
			form: {
				title: "New map",
				verb: "starts",
				fields: [
					{
						name: "targets",
						label: "Targets",
						value: target,
						hint: "none:[192.0.2.0/24]  example.org:[192.0.2.0/24]  example.org",
					},
					{
						name: "exclusions",
						label: "Without",
						value: "",
						hint: "addresses, blocks, ranges or names that get no packet",
					},
					{
						name: "profile",
						label: "Profile",
						value: "Initial",
						hint: (name) => described.get(name) ?? "",
						...(profiles.length > 0 ? { choices: profiles.map(({ name }) => name) } : {}),
					},
					{
						name: "trace",
						label: "Routes",
						value: "as the profile says",
						choices: ["as the profile says", ...traceChoices],
						hint: (choice) => traceWords[choice] ?? "",
					},
					{
						name: "resolver",
						label: "Name server",
						value: "",
						hint: "address or address:port, machine, or no for none; empty: as kept",
					},
					{
						name: "window",
						label: "Only",
						value: "",
						hint: "Mon-Fri 20:00-06:00, Sat-Sun 00:00-24:00; empty: as the profile says",
					},
					{
						name: "netblockSize",
						label: "Largest",
						value: "8192",
						choices: netblockSizes.map(String),
						hint: "addresses that one map may have",
					},
					{
						name: "network",
						label: "Network",
						value: "",
						hint: "where the addresses are; empty: the groups', else default",
					},
				],
				async submit(values) {
					const { targets = "", exclusions = "", profile = "", trace, resolver = "", window = "" } = values;
					const { netblockSize, network = "" } = values;
					const asksNames = resolver.trim().toLowerCase() !== "no";
					const chosen = traceChoices.find((choice) => choice === trace);
					const { maps } = await context.client.call(start, {
						targets: [targets],
						exclusions: exclusions.split(/[\s,;]+/).filter((one) => one !== ""),
						profile: profile.trim() || "Initial",
						dns: asksNames,
						netblockSize: netblockSizes.find((size) => String(size) === netblockSize) ?? 8_192,
						...(window.trim() === "" ? {} : { window: { during: window.trim() } }),
						...(chosen === undefined ? {} : { trace: chosen }),
						...(network.trim() === "" ? {} : { network: network.trim() }),
						...(asksNames && resolver.trim() !== "" ? { resolver: resolver.trim() } : {}),
					});
					const [map] = maps;
					context.toast("good", `${plural(maps.length, "map has", "maps have")} started.`);
					return map && { to: "map", map: map.id };
				},
			},
		});
	};
	// Without the list of profiles one can still be typed.
	context.client.call(listProfiles, {}).then(
		({ items }) => open(items),
		() => open([]),
	);
}
