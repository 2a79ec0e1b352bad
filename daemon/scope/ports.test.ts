/** Port lists: what is accepted, what is refused and why, and how large our sets are. */
import { expect, test } from "vitest";
import { parsePorts, parseUdpPorts } from "./ports.ts";

test.each([
	["22,80,8000-8002", [22, 80, 8000, 8001, 8002]],
	["80 22, 22", [22, 80]],
	["65535", [65535]],
	["5-5", [5]],
])("%s", (text, expected) => {
	expect(parsePorts(text)).toEqual(expected);
});

test.each([
	["", "empty"],
	["0", "1 to 65535"],
	["65536", "1 to 65535"],
	["80-22", "backwards"],
	["1-70000", "1 to 65535"],
	["ssh", "not a port"],
	["22-", "not a port"],
	["-22", "not a port"],
	["1-2-3", "not a port"],
	["99999999999999999999", "not a port"],
])("refuses %j", (text, reason) => {
	expect(() => parsePorts(text)).toThrow(expect.objectContaining({ code: "invalid", hint: expect.any(String) }));
	expect(() => parsePorts(text)).toThrow(reason);
});

test("the sets nest, and have the sizes the documentation states", () => {
	const [light, standard, full] = [parsePorts("light"), parsePorts("standard"), parsePorts("FULL")];
	expect(light.length).toBeGreaterThanOrEqual(150);
	expect(light.length).toBeLessThanOrEqual(170);
	expect(standard.length).toBeGreaterThanOrEqual(1_900);
	expect(standard.length).toBeLessThanOrEqual(2_800);
	expect(full.length).toBe(65_535);
	expect(light.filter((port) => !standard.includes(port))).toEqual([]);
	expect(parsePorts("light,8999")).toEqual([...light, 8999].sort((a, b) => a - b));
	const [lightUdp, standardUdp] = [parseUdpPorts("light"), parseUdpPorts("standard")];
	expect(lightUdp).toEqual(expect.arrayContaining([53, 123, 161]));
	expect(lightUdp.length).toBeGreaterThanOrEqual(28);
	expect(lightUdp.length).toBeLessThanOrEqual(34);
	expect(standardUdp.length).toBeGreaterThanOrEqual(170);
	expect(standardUdp.length).toBeLessThanOrEqual(190);
	expect(lightUdp.filter((port) => !standardUdp.includes(port))).toEqual([]);
	expect(parseUdpPorts("53, 5000-5001")).toEqual([53, 5000, 5001]);
	expect(() => parseUdpPorts("full")).toThrow(/not a port/);
});

test("ports of the services we probe for are in the light set", () => {
	const wanted =
		"21,22,23,25,80,110,143,389,443,465,587,636,873,993,995,3306,3389,5432,5900,6379,8080,9200,11211,27017";
	expect(parsePorts("light")).toEqual(expect.arrayContaining(wanted.split(",").map(Number)));
});
