/** The forms about credentials. Secrets are typed hidden, go to the daemon and are nowhere kept; none comes back. */
import { AppError } from "../../../protocol/errors.ts";
import * as credentials from "../../../protocol/methods/credentials.ts";
import * as hostkeys from "../../../protocol/methods/hostkeys.ts";
import type { Credential } from "../../../protocol/model/credential.ts";
import type { ScreenContext } from "../../screens/view.ts";
import { reversible } from "../../state/undo.ts";
import { fieldsOf, ownOf, proofsOf, typesProofs, wordsOf } from "./credential-fields.ts";

/** `done` is called when the list has changed. */
export function openAddCredential(context: ScreenContext, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: "Store a credential",
			verb: "stores",
			fields: [{ name: "name", label: "Name", value: "", hint: "what it is called: linux" }, ...fieldsOf(null)],
			async submit(values) {
				const proofs = proofsOf(values);
				if (proofs.length === 0) {
					throw new AppError("invalid", "There is nothing to log in with.", {
						hint: "Name a key file or an agent, or type a password.",
					});
				}
				const made = await context.client.call(credentials.create, {
					...{ name: values.name ?? "", ...wordsOf(values, null), proofs },
					...ownOf(values),
				});
				context.toast("good", `${made.name} is stored.`);
				done();
				return undefined;
			},
		},
	});
}

export function openEditCredential(context: ScreenContext, before: Credential, done: () => void): void {
	context.open({
		to: "form",
		form: {
			title: `Change the credential ${before.name}`,
			verb: "saves",
			fields: [{ name: "name", label: "Name", value: before.name, hint: "what it is called" }, ...fieldsOf(before)],
			preview: (values) =>
				typesProofs(values)
					? ["These replace all its keys and passwords."]
					: ["Its keys and passwords stay as they are."],
			async submit(values) {
				const proofs = proofsOf(values);
				const saved = await context.client.call(credentials.edit, {
					...{ credential: before.name, name: values.name ?? before.name, ...wordsOf(values, before) },
					...(proofs.length === 0 ? {} : { proofs }),
					...ownOf(values),
				});
				context.toast("good", `${saved.name} is changed.`);
				done();
				return undefined;
			},
		},
	});
}

export function switchCredential(context: ScreenContext, { name, enabled }: Credential, done: () => void): void {
	context.client.call(credentials.edit, { credential: name, enabled: !enabled }).then(() => {
		context.offerUndo(
			reversible(enabled ? `${name} is not used any more` : `${name} is used again`, {
				again: () => context.client.call(credentials.edit, { credential: name, enabled: !enabled }),
				back: () => context.client.call(credentials.edit, { credential: name, enabled }),
				done,
			}),
		);
		done();
	}, context.fail);
}

export function openDeleteCredential(context: ScreenContext, { name }: Credential, done: () => void): void {
	context.open({
		to: "confirm",
		question: {
			title: `Delete the credential ${name}?`,
			effect: ["Its secrets go with it and cannot be brought back. What logins with it have seen stays."],
			...{ yes: "Delete", no: "Keep" },
			run: () =>
				void context.client.call(credentials.remove, { credential: name }).then(() => {
					context.toast("good", `${name} is deleted.`);
					done();
				}, context.fail),
		},
	});
}

/** Which host to try it at, then the steps of that login. */
export function openTest(context: ScreenContext, { name, lastOutcome, targets }: Credential): void {
	const first = targets.find((target) => /^[0-9A-Fa-f.:]+$/.test(target));
	context.open({
		to: "form",
		form: {
			title: `Log in with ${name}`,
			verb: "logs in",
			fields: [
				{
					...{ name: "target", label: "Host", value: lastOutcome?.address ?? first ?? "", isProposed: true },
					hint: "an address or a name; only what is not excluded",
				},
			],
			preview: () => ["As a scan would, step by step; nothing is stored, and nothing written to the host."],
			submit({ target = "" }) {
				return Promise.resolve({ to: "login-check", target: target.trim(), credential: name });
			},
		},
	});
}

/** `known`: which host is meant; asked for all the same, as is the port. */
export function openTrust(context: ScreenContext, known = "", done: () => void = () => undefined): void {
	context.open({
		to: "form",
		form: {
			title: "Trust a host by its key",
			verb: "asks for its key",
			fields: [
				{ name: "host", label: "Host", value: known, hint: "an address or a name" },
				{ name: "port", label: "Port", value: "22", hint: "where SSH listens" },
			],
			preview: () => ["The host shows its key and is sent nothing secret."],
			async submit({ host = "", port = "22" }) {
				const shown = await context.client.call(hostkeys.look, { host: host.trim(), port: Number(port) });
				const place = { host: shown.host, port: shown.port };
				const changed = shown.trusted === "changed";
				return {
					to: "confirm",
					question: {
						title: `Trust ${shown.host} port ${shown.port} by this key?`,
						effect: [
							`${shown.type} ${shown.fingerprint}`,
							"Compare it with the host's own: ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub, on its console.",
							...(shown.trusted === "yes" ? ["It is trusted by this key already."] : []),
							...(changed ? ["It is trusted by ANOTHER key: find out why, and forget that one first."] : []),
						],
						...{ yes: "Trust", no: "Leave" },
						async run() {
							await context.client.call(hostkeys.trust, { ...place, fingerprint: shown.fingerprint });
							context.toast("good", `${shown.host} is trusted.`);
							done();
						},
					},
				};
			},
		},
	});
}
