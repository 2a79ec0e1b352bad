/**
 * The host id of agentless tracking: read where it is, written to a place of our own where a credential allows it. Another
 * product's id is read and never written. The script and its pure reader.
 */
import { randomUUID } from "node:crypto";
import type { Tracking } from "./login-request.ts";

/** Ours, and the one of another product, which is only read. */
const places = { own: "/etc/vedette/hostid", other: "/etc/qualys/hostid" };
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What is to be done with the id: `read` and `remove` write none. */
export type TrackingWish = "read" | "write" | "remove";

/** sh, run as who the login has become. Nothing is overwritten: `set -C` makes the file new or fails. */
export function trackingScript(
	nonce: string,
	wish: TrackingWish,
	{ own, other } = places,
	id: string = randomUUID(),
): string {
	const say = (state: string, value: string, place: string, why = '""') =>
		`printf '\\n%s tracking %s %s %s %s\\n' ${nonce} ${state} ${value} ${place} ${why}`;
	const folder = own.slice(0, own.lastIndexOf("/"));
	const failed = say("failed", "-", own, '"$(printf %s "$W" | tail -n 1)"');
	if (wish === "remove") {
		return [
			`if [ ! -e ${own} ]; then ${say("none", "-", own)}; else T=$(head -c 36 ${own} 2>/dev/null)`,
			`if W=$(rm -f ${own} 2>&1); then rmdir ${folder} 2>/dev/null; [ -n "$T" ] || T=-; ${say("removed", '"$T"', own)}; else ${failed}; fi; fi`,
		].join("\n");
	}
	return [
		`T=; F=; for one in ${own} ${other}; do [ -z "$T" ] && [ -r "$one" ] && T=$(head -c 36 "$one") && F=$one; done`,
		`if [ -n "$T" ]; then ${say("read", '"$T"', '"$F"')}`,
		...(wish === "read"
			? [`else ${say("none", "-", own)}; fi`]
			: [
					`elif W=$( { mkdir -p ${folder} && (umask 022; set -C; printf '%s\\n' ${id} >${own}); } 2>&1); then ${say("written", id, own)}`,
					`else ${failed}; fi`,
				]),
	].join("\n");
}

/** Takes any text. */
export function readTracking(output: string, nonce: string): Tracking {
	const at = output.indexOf(`\n${nonce} tracking `);
	const failed = (why: string): Tracking => ({ id: null, place: null, state: "failed", why });
	if (at < 0) return failed("The host did not say.");
	const line = output.slice(at + 1, at + 600).split("\n", 1)[0] ?? "";
	const [, , state = "", id = "", place = "", ...why] = line.split(" ");
	if (state === "none") return { id: null, place: null, state, why: null };
	// What was in it may have been anything: it is gone all the same.
	if (state === "removed") return { id: uuid.test(id) ? id.toLowerCase() : null, place: places.own, state, why: null };
	if (state === "failed") return failed(why.join(" ").trim() || "It could not be written.");
	if (!uuid.test(id)) return failed(`What is in ${place === places.other ? places.other : places.own} is no host id.`);
	return { id: id.toLowerCase(), place, state: state === "written" ? "written" : "read", why: null };
}
