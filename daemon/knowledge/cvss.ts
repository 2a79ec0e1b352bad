/** CVSS base score of a vector, versions 2.0, 3.0, 3.1 and 4.0 (first.org/cvss). */
import calculator from "ae-cvss-calculator";

/** Base score 0.0-10.0, or null when the vector is not one with all its base metrics. */
export function cvssScore(vector: string): number | null {
	const parsed = calculator.fromVector(vector);
	if (!parsed?.isBaseFullyDefined()) return null;
	const score = parsed.calculateScores().base;
	return typeof score === "number" && Number.isFinite(score) ? score : null;
}

/** True when availability is all that is lost; such a weakness does not fail PCI at any score. */
export function onlyDenialOfService(vector: string): boolean {
	const metrics = new Map(vector.split("/").map((metric) => metric.split(":") as [string, string]));
	const lost = (name: string) => (metrics.get(name) ?? metrics.get(`V${name}`) ?? "N") !== "N";
	return lost("A") && !lost("C") && !lost("I");
}
