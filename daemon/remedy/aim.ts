/** Where a scan must look to see findings again. Pure. */
import type { AimedFinding } from "../store/verification.ts";

export interface Aim {
	readonly ids: number[];
	readonly targets: string[];
	/** As a scan's `ports` and `udp` say them. */
	readonly ports: string;
	readonly udp: string;
	/** Names of signatures. */
	readonly checks: string[];
	readonly logins: boolean;
}

/** `loginPorts`: where hosts are logged in to, for what is only seen from inside; empty when nothing of that is wanted. */
export function aimAt(findings: readonly AimedFinding[], loginPorts: readonly number[]): Aim {
	const ports = (protocol: AimedFinding["protocol"], more: readonly number[]) => {
		const own = findings.filter((one) => one.port > 0 && one.protocol === protocol).map(({ port }) => port);
		const list = [...new Set([...own, ...more])].sort((a, b) => a - b);
		return list.length === 0 ? "none" : list.join(",");
	};
	return {
		ids: findings.map(({ id }) => id),
		targets: [...new Set(findings.map(({ address }) => address))],
		ports: ports("tcp", loginPorts),
		udp: ports("udp", []),
		checks: [...new Set(findings.map(({ signature }) => signature))],
		logins: loginPorts.length > 0,
	};
}
