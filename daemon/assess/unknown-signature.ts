/** What stands for a signature where its text is not at hand: of a finding that does not hold nobody reads more. */

export const unknownSignature = {
	...{ qid: 0, aliases: [], title: "", category: "advisory", kind: "packages", cvss: null, cves: [], cwes: [] },
	...{ pci: { fail: false, reason: "none" as const }, description: "", solution: "", references: [], match: "" },
};
