/** The dialogs about who may connect: letting in, making tokens, keys that sign, taking away, and one operator alone. */
import { type Access, accessLevels } from "../../../protocol/define.ts";
import * as access from "../../../protocol/methods/access.ts";
import type { NetworkDoor, SingleOperator } from "../../../protocol/model/operator.ts";
import type { FormField, Question, ScreenContext } from "../../screens/view.ts";
import { personName } from "../../text/people.ts";
import { readKeyText } from "../credential/key-text.ts";
import { parseUntil } from "../exclusion/parse-until.ts";
import { type AccessRow, nameOf } from "./access-rows.ts";
import { levelWords } from "./describe-access.ts";

const levelField = (value: Access): FormField => ({
	...{ name: "level", label: "May", value, choices: [...accessLevels] },
	hint: (level) => levelWords[level as Access] ?? "",
});
const levelOf = (text: string | undefined) => accessLevels.find((one) => one === text) ?? "read";
/** `ana` is the user ana. */
const granteeOf = (text: string) => (text.includes(":") ? text.trim() : `unix:${text.trim()}`);

export function openGrant(context: ScreenContext, row: AccessRow | undefined, done: () => void): void {
	const known = row?.kind === "operator" ? row.operator : undefined;
	context.open({
		to: "form",
		form: {
			title: known ? `What ${known.who} may do` : "Let a user or a group in",
			verb: known ? "saves" : "lets them in",
			fields: [
				...(known
					? []
					: [
							{
								name: "who",
								label: "Who",
								value: "",
								hint: "ana, or group:ops: users and groups of the daemon's machine",
							},
						]),
				levelField(known?.access ?? "operate"),
			],
			preview: ({ level }) => [
				`They may what ${levelOf(level)} may: ${levelWords[levelOf(level)]}, and all that the levels before it may.`,
				"From the next call on; it is in the audit log.",
			],
			async submit({ who = "", level }) {
				if (!known && who.trim() === "") throw new Error("Say who: a user, or group:NAME.");
				const wanted = { who: known?.who ?? granteeOf(who), access: levelOf(level) };
				const { operator } = await context.client.call(access.grant, wanted);
				context.toast("good", `${operator.who} has ${operator.access} access from now on.`);
				done();
				return undefined;
			},
		},
	});
}

export function openNewToken(context: ScreenContext, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: "Make an access token",
			verb: "makes it",
			fields: [
				{ name: "name", label: "Name", value: "", hint: "ci, backup.nightly: small letters; never given twice" },
				levelField("read"),
				{ name: "expires", label: "Until", value: "90d", hint: "30d, 8w, or a day; at most 400 days ahead" },
				{
					name: "owner",
					label: "Stands for",
					value: "",
					hint: "a user with access here, or person:ana, who has no account; empty: nobody",
				},
			],
			preview: ({ expires = "" }) => [
				`Until ${parseUntil(expires, context.now()).slice(0, 16).replace("T", " ")} UTC. Its secret is shown once, after this.`,
			],
			async submit({ name = "", level, expires = "", owner = "" }) {
				const made = await context.client.call(access.createToken, {
					...{ name: name.trim(), access: levelOf(level), expiresAt: parseUntil(expires, context.now()) },
					...(owner.trim() === "" ? {} : { owner: granteeOf(owner) }),
				});
				done();
				return { to: "new-token", token: made.token, secret: made.secret };
			},
		},
	});
}

export function openAddKey(context: ScreenContext, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: "Let an operator sign decisions with an SSH key",
			verb: "adds it",
			fields: [
				{ name: "who", label: "Who", value: "", hint: "ana, person:ana whom a token stands for, or token:NAME" },
				{ name: "key", label: "Public key", value: "", hint: "its .pub file on this machine, or the line in it" },
			],
			async submit({ who = "", key = "" }) {
				const publicKey = /^(ssh|ecdsa|sk)-\S+ /.test(key.trim()) ? key.trim() : readKeyText(key.trim());
				const added = await context.client.call(access.addKey, { who: who.trim(), publicKey });
				context.toast("good", `${added.key.name} may sign decisions with ${added.key.fingerprint}.`);
				done();
				return undefined;
			},
		},
	});
}

/** Where the daemon listens on the network, if anywhere. */
export function openListen(context: ScreenContext, now: NetworkDoor, done: () => void): void {
	const orNull = (text = "") => (text.trim() === "" ? null : text.trim());
	context.open({
		to: "form",
		form: {
			title: "Listen on the network, for those with a token",
			verb: "saves",
			fields: [
				{
					name: "address",
					label: "Address",
					value: now.listensOn ?? "",
					hint: "127.0.0.1:7443, 0.0.0.0:7443; empty: nowhere",
				},
				{
					...{ name: "tls", label: "TLS on loopback", value: now.tls ? "yes" : "no", choices: ["no", "yes"] },
					hint: "beyond this machine there is TLS in any case",
				},
				{
					name: "certificate",
					label: "Certificate",
					value: "",
					hint: "a PEM file of the daemon's machine; empty: one of its own",
				},
				{ name: "key", label: "Its key", value: "", hint: "likewise" },
			],
			async submit({ address = "", tls, certificate, key }) {
				const wanted = orNull(address);
				const { network } = await context.client.call(access.setListener, {
					listener:
						wanted === null
							? null
							: { address: wanted, tls: tls === "yes", certificate: orNull(certificate), key: orNull(key) },
				});
				context.toast(
					network.problem === null ? "good" : "bad",
					network.problem ??
						(network.listensOn === null ? "It listens nowhere on the network." : `It listens on ${network.listensOn}.`),
				);
				done();
				return undefined;
			},
		},
	});
}

/** Asks, then takes the access, the token or the key of the row away. */
export function openTakeAway(context: ScreenContext, row: AccessRow, done: () => void): void {
	const asked = (question: Omit<Question, "no" | "run">, act: () => Promise<unknown>, told: string) =>
		context.open({
			to: "confirm",
			question: {
				...question,
				no: "Leave",
				run: () =>
					void act().then(() => {
						context.toast("good", told);
						done();
					}, context.fail),
			},
		});
	const name = nameOf(row);
	if (row.kind === "operator") {
		asked(
			{
				title: `Take the access of ${name} away?`,
				effect: [
					`${row.operator.kind === "group" ? "Its members'" : "Their"} connections are closed at once; tokens that stand for ${row.operator.kind === "group" ? "them" : "that user"} end with it.`,
				],
				yes: "Take away",
			},
			() => context.client.call(access.revoke, { who: name }),
			`${name} has no access any more.`,
		);
	} else if (row.kind === "token") {
		asked(
			{
				title: `End the token ${name}?`,
				effect: ["Connections made with it are closed at once. Its name is not given again."],
				yes: "End it",
			},
			() => context.client.call(access.revokeToken, { name }),
			`The token ${name} holds no more.`,
		);
	} else {
		const { fingerprint } = row.key;
		asked(
			{
				title: `Let the key of ${name} sign no more?`,
				effect: [fingerprint, "What it has signed stays signed."],
				yes: "Remove",
			},
			() => context.client.call(access.removeKey, { fingerprint }),
			`The key of ${name} counts no more.`,
		);
	}
}

/** Switches single-operator mode; switching it on says what that means and asks once more. */
export function openSingleOperator(context: ScreenContext, now: SingleOperator | null, done: () => void): void {
	const isOn = now !== null;
	const set = async (reason: string) => {
		await context.client.call(access.setSingleOperator, { on: !isOn, reason });
		context.toast(
			isOn ? "good" : "bad",
			isOn ? "Four eyes decide again." : "One may ask and decide. Reports print it.",
		);
		done();
	};
	context.open({
		to: "form",
		form: {
			title: isOn ? "Let four eyes decide again" : "Let one operator ask and decide",
			verb: isOn ? "switches it off" : "goes on",
			fields: [{ name: "reason", label: "Why", value: "", hint: "for the audit log, and for the reports" }],
			preview: () => [
				isOn ? `It is on since ${now.since.slice(0, 10)}, by ${personName(now.by)}: ${now.reason}` : warning,
			],
			async submit({ reason = "" }) {
				if (reason.trim() === "") throw new Error("It needs a reason: reports print it.");
				if (isOn) {
					await set(reason.trim());
					return undefined;
				}
				return {
					to: "confirm",
					question: {
						title: "Give up four eyes?",
						effect: [warning],
						...{ yes: "Switch it on", no: "Keep four eyes" },
						run: () => set(reason.trim()),
					},
				};
			},
		},
	});
}

const warning =
	"Whoever asks for an exception can then approve it alone: nobody checks a false positive or an accepted risk. Consoles show it and every report prints it, with who switched it on and why.";
