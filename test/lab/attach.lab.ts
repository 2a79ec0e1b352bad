/** The console on the daemon of another machine, over real OpenSSH and a jump host: asked for passwords, dropped, taken up again. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { processesOf } from "../support/processes-of.ts";
import { openPty, type PtyScreen, shows } from "../support/pty.ts";
import { Household, program } from "../support/vedette.ts";
import { loginServer, userKey } from "./login-servers.ts";
import { Lab } from "./processes.ts";

const remote = `'${process.execPath}' '${program}'`;
const password = "seven herons at dusk";
const lab = new Lab("attach");
const far = new Household();
const near = new Household();
let config: string;
/** Where an agent that holds the key listens, and the known hosts of somebody who knows none. */
let agent: string;
let fresh: string;

beforeAll(async () => {
	const key = userKey(lab, "ana");
	const authorizedKeys = readFileSync(`${key}.pub`, "utf8");
	const jump = await loginServer(lab, {
		...{ address: "127.0.79.1", port: 22, accounts: [{ name: "hop", uid: 61_201, authorizedKeys }] },
	});
	const target = await loginServer(lab, {
		...{ address: "127.0.79.2", port: 2222, accounts: [], rootPassword: password },
		config: ["PermitRootLogin yes", `AuthorizedKeysFile ${key}.pub`],
	});
	const twice = await loginServer(lab, {
		...{ address: "127.0.79.3", port: 2223, accounts: [], rootPassword: password },
		config: [
			...["PermitRootLogin yes", `AuthorizedKeysFile ${key}.pub`, "UsePAM yes", "KbdInteractiveAuthentication yes"],
			"AuthenticationMethods publickey,keyboard-interactive",
		],
	});
	const known = lab.write("known_hosts", `${jump.knownHost}\n${target.knownHost}\n${twice.knownHost}\n`);
	agent = await startAgent(key);
	fresh = lab.write("known_hosts_fresh", "");
	// The key of another server, where this one is expected.
	const posing = lab.write(
		"known_hosts_posing",
		target.knownHost.replace(/ \S+$/, ` ${jump.knownHost.split(" ").at(-1)}`),
	);
	config = lab.write(
		"ssh_config",
		[
			...["Host jump", "HostName 127.0.79.1", "User hop", `IdentityFile ${key}`],
			...["Host far far-key", "HostName 127.0.79.2", "Port 2222", "User root", "ProxyJump jump"],
			...["Host far-twice", "HostName 127.0.79.3", "Port 2223", "User root", `IdentityFile ${key}`],
			...["Host far-agent", "HostName 127.0.79.2", "Port 2222", "User root", "IdentitiesOnly no", "IdentityFile none"],
			...["PasswordAuthentication no"],
			...["Host far-new", "HostName 127.0.79.2", "Port 2222", "User root", `IdentityFile ${key}`],
			...["StrictHostKeyChecking ask", `UserKnownHostsFile ${fresh}`],
			...["Host far-posing", "HostName 127.0.79.2", "Port 2222", "User root", `IdentityFile ${key}`],
			...[`UserKnownHostsFile ${posing}`],
			...["Host far-key", `IdentityFile ${key}`],
			...["Host far", "PubkeyAuthentication no"],
			...["Host *", "IdentitiesOnly yes", "StrictHostKeyChecking yes", `UserKnownHostsFile ${known}`, ""],
		].join("\n"),
	);
	expect((await far.run(["exclude", "add", "192.0.2.7", "--comment", "only the far daemon knows"])).code).toBe(0);
}, 120_000);
afterAll(async () => {
	await near.end();
	await far.end();
	await lab.end();
});

const questions = (count: number) => (lines: string[]) =>
	lines.filter((line) => line.includes("password:")).length === count;

/** An agent of the lab's own with the key in it; the path of its socket. */
async function startAgent(key: string): Promise<string> {
	const path = lab.path("agent.sock");
	await lab.start("ssh-agent", ["-D", "-a", path], []);
	while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 25));
	execFileSync("ssh-add", ["-q", key], { env: { ...process.env, SSH_AUTH_SOCK: path } });
	return path;
}

async function attached(host: string): Promise<PtyScreen> {
	const words = ["attach", host, "--ssh", `ssh -F ${config}`, "--remote", remote, "--home", far.home];
	const screen = await openPty([process.execPath, program, ...words], { columns: 100, rows: 30, env: near.env });
	return screen;
}

/** The line drops: ssh of the near side is gone, as after a change of networks. */
function drop(): void {
	const clients = processesOf((words) => words[0] === "ssh" && words.includes(config) && words.includes("-T"));
	expect(clients).not.toEqual([]);
	for (const pid of clients) process.kill(pid, "SIGKILL");
}

it("with a key through a jump host, the screen comes back by itself after the line has dropped", async () => {
	const screen = await attached("far-key");
	try {
		await screen.until(shows("ssh far-key"), "the console");
		screen.type("7");
		await screen.until(shows("192.0.2.7"), "what the far daemon knows");
		drop();
		await screen.until((lines) => !shows("ssh far-key")(lines), "the drop");
		await screen.until((lines) => shows("ssh far-key")(lines) && shows("192.0.2.7")(lines), "the line is back");
		screen.type("\u0003\u0003");
		await screen.endsWith(0);
	} finally {
		screen.kill();
	}
});

it("a password is asked for before the screen opens, and again only when the user says so", async () => {
	const screen = await attached("far");
	try {
		await screen.until(shows("password:"), "ssh's own question");
		screen.type(`${password}\r`);
		await screen.until(shows("ssh far"), "the console");
		screen.type("7");
		await screen.until(shows("192.0.2.7"), "what the far daemon knows");
		drop();
		await screen.until(shows("ctrl-g logs in again"), "why it does not come back");
		screen.type("\u0007");
		await screen.until(questions(2), "the question, on the terminal that was handed back");
		screen.type(`${password}\r`);
		await screen.until((lines) => shows("ssh far")(lines) && shows("192.0.2.7")(lines), "the screen where it was");
		screen.type("\u0003\u0003");
		await screen.endsWith(0);
	} finally {
		screen.kill();
	}
});

it("a wrong password is ssh's affair; then it is said what to try", async () => {
	const screen = await attached("far");
	try {
		for (let attempt = 0; attempt < 3; attempt++) {
			await screen.until(questions(attempt + 1), "a question");
			screen.type("wrong\r");
		}
		await screen.until(shows("before the far daemon answered"), "the end");
		await screen.endsWith(3);
	} finally {
		screen.kill();
	}
});

it("a daemon that was stopped on purpose stays stopped, however long a console waits for it", async () => {
	const screen = await attached("far-key");
	try {
		await screen.until(shows("ssh far-key"), "the console");
		expect((await far.run(["daemon", "stop"])).code).toBe(0);
		await screen.until(shows("still trying"), "the console waits");
		expect((await far.run(["findings"])).code, "no daemon runs").toBe(3);
		expect((await far.run(["daemon", "start"])).code).toBe(0);
		await screen.until(shows("ssh far-key"), "the console is back");
	} finally {
		screen.kill();
	}
});

it("a second factor is asked for after the key, before the screen opens", async () => {
	const screen = await attached("far-twice");
	try {
		await screen.until(shows("Password:"), "the question of the far machine's PAM");
		screen.type(`${password}\r`);
		await screen.until(shows("ssh far-twice"), "the console");
	} finally {
		screen.kill();
	}
});

it("an agent's key needs no question", async () => {
	near.env.SSH_AUTH_SOCK = agent;
	const screen = await attached("far-agent");
	try {
		await screen.until(shows("ssh far-agent"), "the console");
	} finally {
		screen.kill();
		delete near.env.SSH_AUTH_SOCK;
	}
});

it("an unknown host key is ssh's question, asked once; another key than the known one is refused", async () => {
	const screen = await attached("far-new");
	try {
		await screen.until(shows("continue connecting"), "ssh's own question");
		screen.type("yes\r");
		await screen.until(shows("ssh far-new"), "the console");
	} finally {
		screen.kill();
	}
	expect(readFileSync(fresh, "utf8")).toContain("[127.0.79.2]:2222");
	const posing = await attached("far-posing");
	try {
		await posing.until(shows("HOST IDENTIFICATION HAS CHANGED"), "ssh's warning");
		expect(await posing.ended).not.toBe(0);
	} finally {
		posing.kill();
	}
});
