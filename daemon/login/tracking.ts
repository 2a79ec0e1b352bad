/**
 * The host id of agentless tracking: read where it is, written to a place of our own where a credential allows it, removed
 * when it is no longer wanted. Another product's id is read and never written. Scripts and their pure reader.
 */
import { randomUUID } from "node:crypto";
import type { Tracking } from "./login-request.ts";

const own = "/etc/vedette/hostid";
const others = "/etc/qualys/hostid";
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** sh, run as who the login has become. Nothing is overwritten: `set -C` makes the file new or fails. */
export function trackingScript(nonce: string, what: "write" | "remove", id: string = randomUUID()): string {
	const say = (state: string, value: string, place: string, why = '""') =>
		`printf '\\n%s tracking %s %s %s %s\\n' ${nonce} ${state} ${value} ${place} ${why}`;
	if (what === "remove") {
		return [
			`if [ ! -e ${own} ]; then ${say("gone", "-", own)}`,
			`elif W=$(rm -f ${own} 2>&1); then rmdir ${own.slice(0, own.lastIndexOf("/"))} 2>/dev/null; ${say("removed", "-", own)}`,
			`else ${say("failed", "-", own, '"$(printf %s "$W" | tail -n 1)"')}; fi`,
		].join("\n");
	}
	return [
		`T=; F=; for one in ${own} ${others}; do [ -z "$T" ] && [ -r "$one" ] && T=$(head -c 36 "$one") && F=$one; done`,
		`if [ -n "$T" ]; then ${say("read", '"$T"', '"$F"')}`,
		`elif W=$( { mkdir -p ${own.slice(0, own.lastIndexOf("/"))} && (umask 022; set -C; printf '%s\\n' ${id} >${own}); } 2>&1); then ${say("written", id, own)}`,
		`else ${say("failed", "-", own, '"$(printf %s "$W" | tail -n 1)"')}; fi`,
	].join("\n");
}

/** Takes any text. */
export function readTracking(output: string, nonce: string): Tracking {
	const at = output.indexOf(`\n${nonce} tracking `);
	const failed = (why: string): Tracking => ({ id: null, place: null, state: "failed", why });
	if (at < 0) return failed("The host did not say.");
	const line = output.slice(at + 1, at + 600).split("\n", 1)[0] ?? "";
	const [, , state = "", id = "", place = "", ...why] = line.split(" ");
	if (state === "gone" || state === "removed") return { id: null, place: own, state: "read", why: state };
	if (state === "failed") return failed(why.join(" ").trim() || "It could not be written.");
	if (!uuid.test(id)) return failed(`What is in ${place === others ? others : own} is no host id.`);
	return { id: id.toLowerCase(), place, state: state === "written" ? "written" : "read", why: null };
}
