/**
 * How a host is reached: which jump hosts, which ports, whose keys are to be expected and which proofs are shown to whom.
 * Works it out from a credential, the user's OpenSSH configuration and the keys somebody has confirmed; connects to nothing.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { AppError } from "../../protocol/errors.ts";
import { type LoginPlan, type LoginSource, readKeyFile } from "../credentials/login-plan.ts";
import type { Proof } from "../credentials/proof.ts";
import { canonicalAddress } from "../scope/address.ts";
import { LoginFailure } from "./failure.ts";
import { hostName, type KnownHost, parseKnownHosts } from "./known-hosts.ts";
import type { HopRequest, LoginRequest } from "./login-request.ts";
import { askSshSettings, readJump, type SshSettings } from "./ssh-settings.ts";

export interface WayParts {
	readonly logins: LoginSource;
	/** Addresses of a name. */
	readonly resolve: (name: string) => Promise<readonly string[]> | readonly string[];
	/** True: nothing is ever sent there, also not on the way to somewhere else. */
	readonly isExcluded: (address: string) => boolean;
	/** Another OpenSSH configuration than the user's. */
	readonly sshConfig: string | null;
}

/** Jump hosts in a row; more would be a circle. */
const mostJumps = 8;
const hopMs = 20_000;
const commandMs = 300_000;

/** Ports are those to try, in order. Throws `LoginFailure` at a place that is not to be gone to, and what `proofs` throws. */
export async function findWay(
	plan: LoginPlan,
	{ address, hostname, ports }: { address: string; hostname: string | null; ports: readonly number[] },
	parts: WayParts,
): Promise<LoginRequest> {
	const settings = plan.jump.kind === "ssh-config" ? await settingsOf(hostname ?? address, plan.user, parts) : null;
	if (settings?.proxyCommand != null) {
		throw new LoginFailure(
			"settings",
			0,
			`The SSH configuration reaches ${hostname ?? address} by a ProxyCommand, which is not run.`,
			"Write it as ProxyJump, or give the credential its jump hosts: vedette credential edit --jump HOST",
		);
	}
	const jumps = await jumpsOf(plan, settings, parts);
	const known = await knownHostsOf(settings, parts);
	const own = plan.proofs();
	const alias = settings?.hostKeyAlias ?? null;
	const named = hostname !== null && hostname !== address ? [hostname] : [];
	const targets = ports.map((port): HopRequest => {
		const names = alias !== null ? [{ host: alias, port: 22 }] : [...named, address].map((host) => ({ host, port }));
		return { host: address, port, user: plan.user, proofs: own, names, known };
	});
	const elevation = {
		...{ method: plan.sudo.method, user: plan.sudo.user, password: plan.privilegePassword() },
		singly: plan.leastPrivilege,
	};
	return { address, jumps, targets, elevation, tracking: plan.tracking ? "write" : "no", hopMs, commandMs };
}

/** Null where there is no ssh, or it does not know what to make of its configuration. */
function settingsOf(host: string, user: string | null, { sshConfig }: WayParts): Promise<SshSettings | null> {
	return askSshSettings(host, { user, configFile: sshConfig });
}

/** The port the configuration has for this host, before those of the credential. */
export function portsOf(plan: LoginPlan, configured: number | null): number[] {
	return [...new Set([...(configured === null || configured === 22 ? [] : [configured]), ...plan.ports])];
}

/** Whether packets go to the host itself or to a jump host, and the port the configuration names for it. */
export async function lookAhead(plan: LoginPlan, host: string, parts: WayParts) {
	if (plan.jump.kind === "hosts") return { jumps: true, port: null };
	if (plan.jump.kind === "none") return { jumps: false, port: null };
	const settings = await settingsOf(host, plan.user, parts);
	return { jumps: (settings?.proxyJump.length ?? 0) > 0, port: settings?.port ?? null };
}

async function jumpsOf(plan: LoginPlan, settings: SshSettings | null, parts: WayParts): Promise<HopRequest[]> {
	if (plan.jump.kind === "hosts") {
		const hops: HopRequest[] = [];
		for (const { host, port, user, credential } of plan.jump.hosts) {
			const other = credential === null ? plan : parts.logins.findLogin(credential);
			if (other === null) {
				const message = `There is no credential ${JSON.stringify(credential)} for the jump host ${host}.`;
				throw new LoginFailure("settings", hops.length, message, "See them with: vedette credential list");
			}
			const asked = await settingsOf(host, null, parts);
			const known = await knownHostsOf(asked, parts);
			const proofs = other.proofs();
			hops.push(
				await hopTo({ host, port, user: user ?? other.user, proofs, known, alias: null, at: hops.length }, parts),
			);
		}
		return hops;
	}
	return settings === null ? [] : configuredJumps(settings.proxyJump, plan, parts, []);
}

/** As ssh(1) goes: the first one's own configuration may name jumps before it. */
async function configuredJumps(
	jumps: readonly string[],
	plan: LoginPlan,
	parts: WayParts,
	before: HopRequest[],
): Promise<HopRequest[]> {
	const hops = [...before];
	for (const [i, text] of jumps.entries()) {
		const jump = readJump(text);
		const settings = jump === null ? null : await settingsOf(jump.host, jump.user, parts);
		if (jump === null || settings === null || settings.proxyCommand !== null || hops.length >= mostJumps) {
			const message = `The SSH configuration leads through ${text}, where this cannot follow.`;
			throw new LoginFailure("settings", hops.length, message, `See what it says: ssh -G ${jump?.host ?? "HOST"}`);
		}
		if (i === 0 && settings.proxyJump.length > 0) {
			if (settings.proxyJump.includes(text)) {
				throw new LoginFailure(
					"settings",
					0,
					`The jump host ${text} is reached through itself.`,
					"Mend ~/.ssh/config.",
				);
			}
			hops.push(...(await configuredJumps(settings.proxyJump, plan, parts, hops)).slice(hops.length));
		}
		// `ssh -G` fills in who runs it; that is nobody's wish.
		const user = jump.user ?? (settings.user === userInfo().username ? plan.user : settings.user) ?? plan.user;
		const known = await knownHostsOf(settings, parts);
		const proofs = jumpProofs(plan, settings);
		const at = hops.length;
		const { hostname: host, hostKeyAlias: alias } = settings;
		hops.push(
			await hopTo({ host, port: jump.port ?? settings.port, user, proofs, known, alias, at, asked: jump.host }, parts),
		);
	}
	return hops;
}

interface JumpTo {
	readonly host: string;
	readonly port: number;
	readonly user: string;
	readonly proofs: readonly Proof[];
	readonly known: readonly KnownHost[];
	readonly alias: string | null;
	readonly at: number;
	/** As the configuration has it, when that is another name. */
	readonly asked?: string;
}

/** A name is looked up here and checked; the first host on the way is gone to by its address. */
async function hopTo(
	{ host, port, user, proofs, known, alias, at, asked }: JumpTo,
	parts: WayParts,
): Promise<HopRequest> {
	const literal = canonicalAddress(host);
	const found = literal === null ? await Promise.resolve(parts.resolve(host)).catch(() => []) : [literal];
	if (found.some((one) => parts.isExcluded(one))) {
		const message = `The jump host ${host} is excluded: nothing is sent there.`;
		throw new LoginFailure("settings", at, message, "See by what: vedette exclude list");
	}
	const [first] = found;
	if (first === undefined && at === 0) {
		throw new LoginFailure("connect", at, `The jump host's name ${host} has no address.`, "Check its spelling.");
	}
	const names =
		alias !== null
			? [{ host: alias, port: 22 }]
			: [...new Set([host, asked ?? host])].map((one) => ({ host: one, port }));
	return { host: at === 0 ? (first ?? host) : host, port, user, proofs, names, known };
}

/** A password of the target's is not shown to whoever stands before it. */
function jumpProofs(plan: LoginPlan, settings: SshSettings): Proof[] {
	const own = plan.proofs().filter(({ kind }) => kind !== "password");
	const files = settings.identityFiles.filter((file) => existsSync(file)).flatMap((file) => keyOf(file));
	const agent: Proof[] =
		settings.agent === null || settings.identitiesOnly ? [] : [{ kind: "agent", socket: settings.agent }];
	return [...own, ...files, ...agent];
}

/** A key file that cannot be read is one that cannot be shown. Its certificate lies beside it, as for ssh. */
function keyOf(file: string): Proof[] {
	try {
		const certificate = existsSync(`${file}-cert.pub`) ? readKeyFile(`${file}-cert.pub`) : null;
		return [{ kind: "key", name: file, privateKey: readKeyFile(file), passphrase: null, certificate }];
	} catch (err) {
		if (err instanceof AppError) return [];
		throw err;
	}
}

/** Only what is said of somebody; keys that were confirmed here come first. */
async function knownHostsOf(settings: SshSettings | null, { logins }: WayParts): Promise<KnownHost[]> {
	const confirmed = logins.trustedKeys().map(
		({ host, port, type, key }): KnownHost => ({
			...{ marker: null, patterns: [hostName(host, port)], type, key, line: 0 },
		}),
	);
	const files = settings?.knownHostsFiles ?? [];
	const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
	return [...confirmed, ...texts.flatMap((text) => parseKnownHosts(text))];
}
