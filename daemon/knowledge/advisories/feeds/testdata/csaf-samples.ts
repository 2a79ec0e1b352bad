/** Small CSAF documents shaped as Red Hat publishes them; hosts, packages and numbers are made up. */

type Status = Readonly<Partial<Record<"fixed" | "known_affected" | "known_not_affected" | "under_investigation", string[]>>>;

export interface SamplePart {
	/** `AppStream-9.2.0.Z.EUS`. */
	readonly product: string;
	/** `curl-0:7.76.1-23.el9_2.4.x86_64`. */
	readonly component: string;
	readonly purl?: string;
}

const cpes: Readonly<Record<string, string>> = {
	"BaseOS-9.4.0.Z.MAIN.EUS": "cpe:/o:redhat:enterprise_linux:9::baseos",
	"AppStream-9.4.0.Z.MAIN.EUS": "cpe:/a:redhat:enterprise_linux:9::appstream",
	"BaseOS-9.2.0.Z.EUS": "cpe:/o:redhat:rhel_eus:9.2::baseos",
	"AppStream-8.9.0.GA": "cpe:/a:redhat:enterprise_linux:8::appstream",
	red_hat_enterprise_linux_9: "cpe:/o:redhat:enterprise_linux:9",
	red_hat_enterprise_linux_8: "cpe:/o:redhat:enterprise_linux:8",
	"7Server-ELS": "cpe:/o:redhat:rhel_els:7",
	red_hat_enterprise_linux_7: "cpe:/o:redhat:enterprise_linux:7",
	"9Base-RHOSE-4.16": "cpe:/a:redhat:openshift:4.16::el9",
};

export function idOf({ product, component }: SamplePart): string {
	return `${product}:${component}`;
}

export interface SampleFlaw {
	readonly cve: string;
	readonly status: Status;
	readonly remediations?: readonly object[];
}

/** `kind`: `advisory` or `vex`; the id names it. */
export function csafSample(id: string, parts: readonly SamplePart[], flaws: readonly SampleFlaw[]): object {
	const leaf = (category: string, name: string, helper: object) => ({
		...{ category, name },
		product: { name, product_id: name, product_identification_helper: helper },
	});
	const products = [...new Set(parts.map(({ product }) => product))];
	return {
		document: {
			...{ category: id.startsWith("CVE-") ? "csaf_vex" : "csaf_security_advisory", csaf_version: "2.0" },
			aggregate_severity: { text: "Important" },
			notes: [{ category: "legal_disclaimer", text: "Under https://creativecommons.org/licenses/by/4.0/." }],
			publisher: { category: "vendor", name: "Red Hat Product Security", namespace: "https://www.redhat.com" },
			title: id.startsWith("CVE-") ? "a flaw" : "Red Hat Security Advisory: curl security update",
			tracking: {
				...{ id, initial_release_date: "2025-01-02T00:00:00+00:00" },
				current_release_date: "2025-03-04T05:06:07+00:00",
			},
		},
		product_tree: {
			branches: [
				{
					...{ category: "vendor", name: "Red Hat" },
					branches: [
						...products.map((name) => leaf("product_name", name, { cpe: cpes[name] })),
						...parts.map(({ component, purl }) => leaf("product_version", component, purl === undefined ? {} : { purl })),
					],
				},
			],
			relationships: parts.map((part) => ({
				category: "default_component_of",
				full_product_name: { name: idOf(part), product_id: idOf(part) },
				...{ product_reference: part.component, relates_to_product_reference: part.product },
			})),
		},
		vulnerabilities: flaws.map(({ cve, status, remediations = [] }) => ({
			...{ cve, title: "curl: a flaw", cwe: { id: "CWE-787", name: "Out-of-bounds Write" } },
			notes: [{ category: "description", text: "A flaw was found." }],
			...{ product_status: status, remediations, release_date: "2025-01-01T00:00:00+00:00" },
			scores: [{ cvss_v3: { vectorString: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", version: "3.1" }, products: [] }],
			references: [{ category: "self", url: `https://access.redhat.com/security/cve/${cve}` }],
		})),
	};
}
