/** Networks: named places in which an address means one machine. The same address in two of them is two machines. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { network } from "../model/identity.ts";

const name = z
	.string()
	.trim()
	.min(1)
	.max(60)
	.regex(/^[^\p{Cc}]+$/u, "must be printable");

export const list = defineMethod({
	name: "networks.list",
	summary: "List networks",
	description: "In the order they were made; `default` is always there.",
	access: "read",
	params: z.object({}),
	result: z.object({ items: z.array(network), total: z.int().nonnegative() }),
});

export const add = defineMethod({
	name: "networks.add",
	summary: "Make a network",
	description:
		"Scans that name it (`scans.start`) see their addresses in it. Names know no case. Machines that a host id, a cloud, an agent, a machine-id or a hardware UUID names are one across networks; addresses, names and keys are not.",
	access: "operate",
	audit: ["network.add"],
	errors: ["conflict"],
	params: z.object({ name, comment: z.string().max(1_000).default("") }),
	result: network,
});

export const edit = defineMethod({
	name: "networks.edit",
	summary: "Rename a network, or say what it is for",
	description: "What is in it stays.",
	access: "operate",
	audit: ["network.edit"],
	errors: ["not-found", "conflict"],
	params: z.object({ network: name, name: name.optional(), comment: z.string().max(1_000).optional() }),
	result: network,
});

export const remove = defineMethod({
	name: "networks.remove",
	summary: "Remove a network",
	description: "`conflict` while assets or scans are in it, and for `default`.",
	access: "operate",
	audit: ["network.remove"],
	errors: ["not-found", "conflict"],
	params: z.object({ network: name }),
	result: network,
});
