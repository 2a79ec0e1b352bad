/** Answers of what machines are managed by: time, RPC, IPMI, SNMP version 3, directories, routers, displays. Pure. */
import type { Recogniser } from "./named-datagram.ts";
import { startsWith } from "./named-datagram.ts";

/** NTP (RFC 5905 section 7.3): mode 4 is a server's answer. */
export const ntp: Recogniser = {
	ports: [123],
	read(bytes) {
		const [first = 0, stratum = 255] = bytes;
		const version = (first >> 3) & 7;
		if (bytes.length < 48 || (first & 7) !== 4 || version < 1 || version > 4 || stratum > 16) return null;
		return { name: "ntp", info: `stratum ${stratum}` };
	},
};

const programs: Readonly<Record<number, string>> = { 111: "rpcbind", 2049: "nfs", 17185: "wdb" };

/** RPC reply (RFC 5531 section 9) to our call: accepted or denied. */
function rpcAt(port: number | null): Recogniser {
	return {
		...(port === null ? {} : { ports: [port] }),
		read(bytes) {
			if (bytes.length < 24 || bytes.readUInt32BE(0) !== 0x76656465 || bytes.readUInt32BE(4) !== 1) return null;
			return bytes.readUInt32BE(8) > 1 ? null : { name: programs[port ?? 0] ?? "rpc" };
		},
	};
}
export const rpcs: readonly Recogniser[] = [...Object.keys(programs).map((port) => rpcAt(Number(port))), rpcAt(null)];

/** IPMI 1.5 answer (section 22.13) to Get Channel Authentication Capabilities, or ASF's pong (DSP0136 section 3.2.4). */
export const ipmi: Recogniser = {
	read(bytes) {
		if (!startsWith(bytes, "0600ff")) return null;
		if (bytes[3] === 6 && startsWith(bytes.subarray(4), "000011be40")) return { name: "ipmi", info: "ASF" };
		if (bytes[3] !== 7 || bytes.length < 25) return null;
		const answered = bytes[19] === 0x38 && bytes[20] === 0;
		const isSecond = ((bytes[22] ?? 0) & 0x80) !== 0;
		const anonymous = ((bytes[23] ?? 0) & 0x03) !== 0 ? ", anonymous logins" : "";
		return { name: "ipmi", ...(answered ? { version: isSecond ? "2.0" : "1.5", info: `IPMI${anonymous}` } : {}) };
	},
};

/** An SNMP version 3 message (RFC 3412 section 6): SEQUENCE, INTEGER 3. */
export const snmpV3: Recogniser = {
	read(bytes) {
		if (bytes[0] !== 0x30 || bytes.length < 20) return null;
		const at = (bytes[1] ?? 0) < 0x80 ? 2 : 2 + ((bytes[1] ?? 0) & 0x7f);
		return at <= 4 && startsWith(bytes.subarray(at), "02010330") ? { name: "snmp", info: "version 3" } : null;
	},
};

/** CLDAP: an LDAP message with a search result (RFC 4511 section 4.5.2). */
export const cldap: Recogniser = {
	read(bytes) {
		if (bytes[0] !== 0x30 || bytes.length < 12) return null;
		const at = (bytes[1] ?? 0) < 0x80 ? 2 : 2 + ((bytes[1] ?? 0) & 0x7f);
		if (at > 6 || !startsWith(bytes.subarray(at), "020101")) return null;
		return [0x64, 0x65].includes(bytes[at + 3] ?? 0) ? { name: "cldap" } : null;
	},
};

/** Kerberos (RFC 4120 section 5.9.1): KRB-ERROR, or an AS-REP. */
export const kerberos: Recogniser = {
	ports: [88],
	read: (bytes) => (bytes.length > 20 && [0x7e, 0x6b].includes(bytes[0] ?? 0) ? { name: "kerberos" } : null),
};

/** SQL Server browser ([MC-SQLR] section 2.2.5). */
export const mssqlBrowser: Recogniser = {
	read(bytes) {
		if (bytes[0] !== 5 || bytes.length < 16) return null;
		const text = bytes.toString("latin1", 3);
		if (!text.startsWith("ServerName;")) return null;
		const words = text.split(";", 40);
		const after = (word: string) => words[words.indexOf(word) + 1] ?? null;
		const version = words.includes("Version") ? after("Version") : null;
		return { name: "ms-sql-browser", product: "Microsoft SQL Server", version, info: after("InstanceName") };
	},
};

/** XDMCP Willing or Unwilling (sections 5 and 6): version 1, opcode 5 or 6. */
export const xdmcp: Recogniser = {
	ports: [177],
	read(bytes) {
		if (bytes.length < 6 || bytes.readUInt16BE(0) !== 1 || ![5, 6].includes(bytes.readUInt16BE(2))) return null;
		return { name: "xdmcp", info: bytes.readUInt16BE(2) === 5 ? "willing" : "unwilling" };
	},
};

/** RIP response (RFC 1058 section 3.1, RFC 2453 section 4). */
export const rip: Recogniser = {
	ports: [520],
	read(bytes) {
		if (bytes.length < 24 || bytes[0] !== 2 || (bytes[1] !== 1 && bytes[1] !== 2)) return null;
		return { name: "rip", version: String(bytes[1]), info: `${Math.floor((bytes.length - 4) / 20)} routes` };
	},
};

/** NAT-PMP (RFC 6886 section 3.2): operation 128 and more. */
export const natPmp: Recogniser = {
	ports: [5_351],
	read: (bytes) => (bytes.length >= 8 && bytes[0] === 0 && (bytes[1] ?? 0) >= 128 ? { name: "nat-pmp" } : null),
};

/** Ubiquiti's device discovery: version, command 0, length, then fields. */
export const ubiquiti: Recogniser = {
	ports: [10_001],
	read(bytes) {
		if (bytes.length < 8 || (bytes[0] !== 1 && bytes[0] !== 2) || bytes[1] !== 0) return null;
		return bytes.readUInt16BE(2) === bytes.length - 4 ? { name: "ubiquiti-discovery", product: "Ubiquiti" } : null;
	},
};
