/** Reads port lists as people type them: numbers, ranges and the names of the port sets. Pure. */
import { AppError } from "../../protocol/errors.ts";
import { portSets } from "../../protocol/model/scan.ts";
import { lightPorts, standardPorts, udpPorts } from "./port-sets.ts";

type PortSetName = (typeof portSets)[number];

const setTexts: Record<PortSetName, string> = { light: lightPorts, standard: standardPorts, full: "1-65535" };

const formsHint = "Write light, standard, full, or a list such as 22,80,8000-8100.";

/**
 * TCP ports, ascending, each once. Items are separated by commas or spaces; a set may be mixed with numbers
 * (`light,8081`). Throws `invalid` naming the first item that is not a port, a range or a set.
 */
export function parsePorts(text: string): number[] {
	const items = text.split(/[\s,]+/).filter((item) => item !== "");
	if (items.length === 0) throw new AppError("invalid", "The port list is empty.", { hint: formsHint });
	const wanted = new Uint8Array(65_536);
	for (const item of items) {
		const name = portSets.find((set) => set === item.toLowerCase());
		if (name === undefined) mark(wanted, item);
		else for (const part of setTexts[name].split(",")) mark(wanted, part);
	}
	return collect(wanted);
}

/** UDP ports that have a payload worth sending, ascending. */
export function udpPortSet(): number[] {
	const wanted = new Uint8Array(65_536);
	for (const part of udpPorts.split(",")) mark(wanted, part);
	return collect(wanted);
}

function mark(wanted: Uint8Array, item: string): void {
	const dash = item.indexOf("-");
	const first = readPort(dash < 0 ? item : item.slice(0, dash), item);
	const last = dash < 0 ? first : readPort(item.slice(dash + 1), item);
	if (last < first) throw wrong(item, `runs backwards; did you mean ${last}-${first}?`);
	wanted.fill(1, first, last + 1);
}

function readPort(text: string, item: string): number {
	if (!/^\d{1,9}$/.test(text)) throw wrong(item, "is not a port, a range of ports or a port set.");
	const port = Number(text);
	if (port < 1 || port > 65_535) throw wrong(item, "is outside the ports 1 to 65535.");
	return port;
}

function collect(wanted: Uint8Array): number[] {
	const ports: number[] = [];
	wanted.forEach((set, port) => {
		if (set === 1) ports.push(port);
	});
	return ports;
}

function wrong(item: string, what: string): AppError {
	const shown = JSON.stringify(item.length > 40 ? `${item.slice(0, 40)}…` : item);
	return new AppError("invalid", `${shown} ${what}`, { hint: formsHint, details: { text: item.slice(0, 200) } });
}
