/** The product and version behind what a DNS server answers to version.bind. Pure and total. */
import { findSoftware, type Software, type SoftwareRule, unnamed } from "../software.ts";

const rules: readonly SoftwareRule[] = [
	{ product: "dnsmasq", pattern: /^dnsmasq(?:-(?:pi-hole-v?)?(?<version>\d[\w.]*))?-?(?<info>.*)$/i },
	{ product: "Unbound", pattern: /^unbound(?: (?<version>\d[\w.]*))?(?<info>.*)$/i },
	{ product: "PowerDNS Recursor", pattern: /^PowerDNS Recursor(?: (?<version>\d[\w.-]*))?(?<info>.*)$/i },
	{
		product: "PowerDNS Authoritative Server",
		pattern: /^PowerDNS Authoritative Server(?: (?<version>\d[\w.-]*))?(?<info>.*)$/i,
	},
	{ product: "PowerDNS Authoritative Server", pattern: /^Served by PowerDNS(?: (?<version>\d[\w.]*))?(?<info>.*)$/i },
	{ product: "Microsoft DNS", pattern: /^Microsoft DNS (?<version>\d[\d.]*)(?<info>.*)$/i },
	{ product: "Knot DNS", pattern: /^Knot DNS(?: (?<version>\d[\w.-]*))?(?<info>.*)$/i },
	{ product: "Knot Resolver", pattern: /^Knot Resolver(?: (?<version>\d[\w.-]*))?(?<info>.*)$/i },
	{ product: "NSD", pattern: /^NSD (?<version>\d[\w.]*)(?<info>.*)$/i },
	{ product: "CoreDNS", pattern: /^CoreDNS[- ]v?(?<version>\d[\w.]*)(?<info>.*)$/i },
	{ product: "djbdns", pattern: /^djbdns[- ](?<version>\d[\w.]*)(?<info>.*)$/i },
	{
		product: "BIND",
		pattern: /^(?:DNS Server )?(?:BIND )(?<version>\d[\w.]*(?:-ESV(?:-R\d+)?)?(?:-[PSW]\d+)?)(?<info>.*)$/i,
	},
	{
		product: "BIND",
		pattern:
			/^(?<version>[489]\.\d+(?:\.\d+)?(?:(?:a|b|rc)\d+)?(?:-ESV(?:-R\d+)?)?(?:-[PSW]\d+)?)(?=[-+~. ]|$)(?<info>.*)$/i,
	},
];

/** Splits e.g. `9.18.24-1-Debian` into BIND, 9.18.24 and 1-Debian. Administrators may answer anything they like. */
export function splitVersionBind(text: string | null): Software {
	if (text === null) return unnamed;
	const { product, version, info } = findSoftware(rules, text.trim());
	return { product, version, info: info?.replace(/^[-+~ ]+/, "") || null };
}
