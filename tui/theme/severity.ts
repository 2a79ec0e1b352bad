/** Severity on screen: a shape, a letter and a colour, so that any one of them is enough. */
import { type Severity, type SeverityCounts, severityNames } from "../../protocol/model/severity.ts";
import type { Piece } from "./line.ts";
import type { Token } from "./look.ts";

export const severities: readonly Severity[] = [5, 4, 3, 2, 1];

const shapes: Record<Severity, string> = { 5: "◆", 4: "▲", 3: "■", 2: "●", 1: "○" };
const letters: Record<Severity, string> = { 5: "U", 4: "C", 3: "S", 2: "M", 1: "L" };

export function severityToken(severity: Severity): Token {
	return `severity${severity}`;
}

/** Three columns: shape, letter and number, e.g. `◆U5`. */
export function severityMark(severity: Severity): Piece {
	return [`${shapes[severity]}${letters[severity]}${severity}`, severityToken(severity)];
}

export function severityShape(severity: Severity): Piece {
	return [shapes[severity], severityToken(severity)];
}

export function severityName(severity: Severity): string {
	return severityNames[severity];
}

export function countOf(counts: SeverityCounts, severity: Severity): number {
	return counts[`${severity}`];
}

export function totalOf(counts: SeverityCounts): number {
	return severities.reduce((sum, severity) => sum + countOf(counts, severity), 0);
}

/** The worst severity that occurs. */
export function worstOf(counts: SeverityCounts): Severity | undefined {
	return severities.find((severity) => countOf(counts, severity) > 0);
}

/** `◆2 ▲14 ■3`: only what occurs. */
export function severitySummary(counts: SeverityCounts): Piece[] {
	const pieces: Piece[] = [];
	for (const severity of severities) {
		const count = countOf(counts, severity);
		if (count === 0) continue;
		if (pieces.length > 0) pieces.push([" "]);
		pieces.push([`${shapes[severity]}${count}`, severityToken(severity)]);
	}
	return pieces.length > 0 ? pieces : [["none", "faint"]];
}
