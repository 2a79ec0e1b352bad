/** The system behind a sysDescr text. Its wording is every maker's own; what is not known gives no product. Pure. */
import { findSoftware, type Software, type SoftwareRule, unnamed } from "../software.ts";

const rules: readonly SoftwareRule[] = [
	{ product: "Linux", pattern: /^Linux \S+ (?<version>\d\S*)(?<info>.*)$/s },
	{ product: "Windows", pattern: /Software: Windows (?:2000 |NT )?Version (?<version>\d[\d.]*)(?<info>.*)$/s },
	{ product: "Cisco NX-OS", pattern: /^Cisco NX-OS\b[^,]*,[^,]*, Version (?<version>[^\s,]+)/ },
	{ product: "Cisco IOS XR", pattern: /^Cisco IOS XR Software[^,]*, Version (?<version>[^\s,]+)/ },
	{
		product: "Cisco IOS XE",
		pattern: /^Cisco IOS Software \[[^\]]{1,40}\].{0,200}? Version (?<version>[^\s,]+)(?<info>[^\r\n]*)/s,
	},
	{
		product: "Cisco IOS XE",
		pattern: /^Cisco IOS Software, IOS-XE.{0,200}? Version (?<version>[^\s,]+)(?<info>[^\r\n]*)/s,
	},
	{
		product: "Cisco IOS",
		pattern:
			/^Cisco (?:IOS Software|Internetwork Operating System).{0,200}? Version (?<version>[^\s,]+)(?<info>[^\r\n]*)/s,
	},
	{ product: "Cisco ASA", pattern: /^Cisco Adaptive Security Appliance Version (?<version>\S+)/ },
	{ product: "JUNOS", pattern: /\bJUNOS (?<version>\d[\w.-]*)/ },
	{ product: "MikroTik RouterOS", pattern: /^(?:MikroTik )?RouterOS (?<version>\d[\w.]*)(?<info>.*)$/s },
	{ product: "MikroTik RouterOS", pattern: /^RouterOS (?<info>.*)$/s },
	{ product: "VMware ESXi", pattern: /^VMware ESXi? (?<version>\d[\d.]*)(?<info>.*)$/s },
	{ product: "Huawei VRP", pattern: /\bVRP \(R\) [Ss]oftware, Version (?<version>\d[\w.]*)/ },
	{
		product: "Comware",
		pattern: /\bComware (?:Platform )?Software, (?:Software )?Version (?<version>\d[\w.]*),? ?(?<info>Release \w+)?/,
	},
	{ product: "FreeBSD", pattern: /^FreeBSD \S+ (?<version>\d[\w.-]*)(?<info>.*)$/s },
	{ product: "pfSense", pattern: /^pfSense \S+ (?<version>\d[\w.-]*)(?<info>.*)$/s },
	{ product: "OpenBSD", pattern: /^OpenBSD \S+ (?<version>\d[\w.-]*)(?<info>.*)$/s },
	{ product: "NetBSD", pattern: /^NetBSD \S+ (?<version>\d[\w.-]*)(?<info>.*)$/s },
	{ product: "Darwin", pattern: /^Darwin \S+ (?<version>\d[\w.-]*)(?<info>.*)$/s },
	{ product: "SunOS", pattern: /^SunOS (?:[A-Za-z]\S* )?(?<version>\d[\w.]*)(?<info>.*)$/s },
	{ product: "NetApp ONTAP", pattern: /^NetApp Release (?<version>[\w.]+)/ },
	{ product: "HP JetDirect", pattern: /\bJETDIRECT\b/i },
	{ product: "APC Network Management Card", pattern: /^APC (?:Web\/SNMP|Network) Management Card/i },
];

/** Splits e.g. `Linux web 6.1.0-18-amd64 #1 SMP …` into Linux, 6.1.0-18-amd64 and the rest. */
export function splitSysDescr(sysDescr: string | null): Software {
	if (sysDescr === null) return unnamed;
	const { product, version, info } = findSoftware(rules, sysDescr.trim());
	return { product, version, info: info?.replace(/^[\s,;]+/, "") || null };
}
