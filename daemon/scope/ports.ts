/** Reads port lists as people type them: numbers, ranges and the names of the port sets. Pure. */
import { AppError } from "../../protocol/errors.ts";
import type { portSets } from "../../protocol/model/scan.ts";
import { lightPorts, lightUdpPorts, standardPorts, standardUdpPorts } from "./port-sets.ts";

type PortSetName = (typeof portSets)[number];

const setTexts: Record<PortSetName, string> = { light: lightPorts, standard: standardPorts, full: "1-65535" };

const formsHint = "Write light, standard, full, or a list such as 22,80,8000-8100.";

const udpSetTexts: Readonly<Record<string, string>> = { light: lightUdpPorts, standard: standardUdpPorts };
const udpFormsHint = "Write none, light, standard, or a list such as 53,161,5000-5010.";

/**
 * TCP ports, ascending, each once. Items are separated by commas or spaces; a set may be mixed with numbers
 * (`light,8081`). Throws `invalid` naming the first item that is not a port, a range or a set.
 */
export function parsePorts(text: string): number[] {
	return parseList(text, setTexts, formsHint);
}

/** UDP ports in the same way; the sets are `light` and `standard`. */
export function parseUdpPorts(text: string): number[] {
	return parseList(text, udpSetTexts, udpFormsHint);
}

function parseList(text: string, sets: Readonly<Record<string, string>>, hint: string): number[] {
	const items = text.split(/[\s,]+/).filter((item) => item !== "");
	if (items.length === 0) throw new AppError("invalid", "The port list is empty.", { hint });
	const wanted = new Uint8Array(65_536);
	for (const item of items) {
		const set = Object.hasOwn(sets, item.toLowerCase()) ? sets[item.toLowerCase()] : undefined;
		for (const part of set?.split(",") ?? [item]) mark(wanted, part, hint);
	}
	return collect(wanted);
}

function mark(wanted: Uint8Array, item: string, hint: string): void {
	const dash = item.indexOf("-");
	const first = readPort(dash < 0 ? item : item.slice(0, dash), item, hint);
	const last = dash < 0 ? first : readPort(item.slice(dash + 1), item, hint);
	if (last < first) throw wrong(item, `runs backwards; did you mean ${last}-${first}?`, hint);
	wanted.fill(1, first, last + 1);
}

function readPort(text: string, item: string, hint: string): number {
	if (!/^\d{1,9}$/.test(text)) throw wrong(item, "is not a port, a range of ports or a port set.", hint);
	const port = Number(text);
	if (port < 1 || port > 65_535) throw wrong(item, "is outside the ports 1 to 65535.", hint);
	return port;
}

function collect(wanted: Uint8Array): number[] {
	const ports: number[] = [];
	wanted.forEach((set, port) => {
		if (set === 1) ports.push(port);
	});
	return ports;
}

function wrong(item: string, what: string, hint: string): AppError {
	const shown = JSON.stringify(item.length > 40 ? `${item.slice(0, 40)}…` : item);
	return new AppError("invalid", `${shown} ${what}`, { hint, details: { text: item.slice(0, 200) } });
}
