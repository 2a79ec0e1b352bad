/** Option profiles that are always there. One that changes in a release gets the next version number. */
import type { Profile, ProfileOptions } from "../../protocol/model/profile.ts";
import { limitsOf, standardDiscoveryPorts } from "../../protocol/model/profile.ts";

const ordinary: ProfileOptions = {
	description: "A steady pace and the usual ports, for ordinary networks.",
	ports: { set: "standard", additional: "" },
	udp: { set: "light", additional: "" },
	discovery: {
		icmp: true,
		arp: true,
		// Where SYNs are dropped and what looks like an established connection is not, web ports do as well as any.
		ackPorts: "80,443",
		ports: standardDiscoveryPorts.tcp,
		udpPorts: standardDiscoveryPorts.udp,
		scanDeadHosts: false,
		closeDeadAfter: null,
	},
	performance: { level: "normal" },
	maps: { resolver: "", trace: "sample" },
	maxMinutesPerHost: null,
	maxMinutesPerScan: null,
};

export const builtInProfiles: readonly Profile[] = [
	builtIn("Initial", ordinary),
	builtIn("Light inventory", {
		...ordinary,
		description: "A quick sweep that tells who is there and what runs on the ports most machines use.",
		ports: { set: "light", additional: "" },
		performance: { level: "high" },
		maxMinutesPerHost: 15,
	}),
	builtIn("Full TCP", {
		...ordinary,
		description: "Every TCP port of every host; takes its time.",
		ports: { set: "full", additional: "" },
	}),
	builtIn("PCI external", {
		...ordinary,
		description: "What a quarterly external scan has to cover: every TCP port, UDP, and a wide look for hosts.",
		ports: { set: "full", additional: "" },
		udp: { set: "standard", additional: "" },
		discovery: {
			...ordinary.discovery,
			ackPorts: standardDiscoveryPorts.tcp,
			ports: "21-23,25,53,80,81,88,110,111,135,139,143,443,445,465,587,993,995,1433,1723,3306,3389,5900,8000,8080,8443",
		},
	}),
	builtIn("Fast", {
		...ordinary,
		description: "For a few hosts, or a network that can take it.",
		performance: { level: "high" },
	}),
	builtIn("Gentle", {
		...ordinary,
		description: "For slow links and fragile devices.",
		performance: { level: "low" },
	}),
];

function builtIn(name: string, options: ProfileOptions): Profile {
	const limits = limitsOf(options.performance);
	return { name, version: 2, builtIn: true, options, limits, editedAt: null, editedBy: null };
}
