/** Virtual hosts: address, port and name, each examined by itself in every scan that finds the port open. */
import { z } from "zod";
import { defineMethod } from "../define.ts";
import { listParams, pageOf } from "../model/listing.ts";
import { virtualHost } from "../model/vhost.ts";

const definition = z.object({
	address: z.string().min(1).max(60).describe("IPv4 or IPv6"),
	port: z.int().min(1).max(65_535),
	name: z.string().min(1).max(253).describe("host name, given to the server as SNI (TLS) and Host (HTTP)"),
});

export const list = defineMethod({
	name: "vhosts.list",
	summary: "List virtual hosts",
	description: "By address, port and name unless sorted. Fields: address, port, name, addedAt, addedBy.",
	access: "read",
	params: listParams,
	result: pageOf(virtualHost),
});

export const add = defineMethod({
	name: "vhosts.add",
	summary: "Define virtual hosts",
	description:
		"All or none; one that is defined already stays as it is. A scan that finds the port open examines it by the address and once more for each name, and findings say which (`instance`). Names are not looked up. Sends nothing.",
	access: "operate",
	audit: ["vhost.add"],
	errors: ["too-large"],
	params: z.object({ vhosts: z.array(definition).min(1).max(2_000) }),
	result: z.object({ added: z.int().nonnegative(), known: z.int().nonnegative() }),
});

export const remove = defineMethod({
	name: "vhosts.remove",
	summary: "Take virtual hosts back",
	description:
		"Those at the address, at the port and of the name given; what is left out may be anything, but not all three. What was found on them stays until the server says otherwise.",
	access: "operate",
	audit: ["vhost.remove"],
	errors: ["not-found"],
	params: definition.partial(),
	result: z.object({ removed: z.int().nonnegative() }),
});
