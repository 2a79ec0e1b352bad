/** Which texts of a record fingerprints are for, under the names recog gives them. Pure. */
import type { EvidenceRecord, Kind } from "../../evidence/record.ts";

export interface SubjectText {
	readonly subject: string;
	readonly text: string;
}

/** Kinds that have such texts. */
const recognisedKinds = [
	...(["ssh", "http", "smtp", "ftp", "imap", "pop3", "telnet", "dns", "mysql", "snmp"] as const),
] satisfies Kind[];
export type RecognisedKind = (typeof recognisedKinds)[number];

/** Texts of one record that are looked at: cookies and lines of a greeting may be many. */
const mostTexts = 20;
/** Characters of each. */
const longestText = 4_096;

export function subjectTexts(record: EvidenceRecord): SubjectText[] {
	return told(record)
		.flatMap(([subject, text]) =>
			text == null || text.trim() === "" ? [] : [{ subject, text: text.trim().slice(0, longestText) }],
		)
		.slice(0, mostTexts);
}

type Told = readonly (readonly [subject: string, text: string | null | undefined])[];

function told(record: EvidenceRecord): Told {
	switch (record.kind) {
		case "ssh":
			// What comes after `SSH-2.0-`.
			return [["ssh.banner", record.data.banner.replace(/^SSH-[0-9.]+-/, "")]];
		case "http": {
			const { headers, title } = record.data;
			const cookies = (headers["set-cookie"] ?? "")
				.split(/, (?=[^;,= ]+=)/)
				.map((one) => ["http_header.cookie", one] as const);
			return [
				["http_header.server", headers.server],
				["http_header.x-powered-by", headers["x-powered-by"]],
				["http_header.wwwauth", headers["www-authenticate"]],
				["html_title", title],
				...cookies,
			];
		}
		case "smtp":
			return greetingLines(record.data.banner, /^[0-9]{3}[ -]/).map((line) => ["smtp.banner", line]);
		case "ftp":
			return [["ftp.banner", greetingLines(record.data.banner, /^[0-9]{3}[ -]/).join("\n")]];
		case "imap":
			return [["imap4.banner", record.data.banner.replace(/^\* (OK|PREAUTH|BYE) ?/i, "")]];
		case "pop3":
			return [["pop3.banner", record.data.banner.replace(/^(\+OK|-ERR) ?/i, "")]];
		case "telnet":
			return [["telnet_banners", record.data.banner]];
		case "dns":
			return [["dns.versionbind", record.data.versionBind]];
		case "mysql":
			return [
				["mysql.banners", record.data.serverVersion],
				["mysql.error", record.data.error],
			];
		case "snmp":
			return [
				["snmp.sys_description", record.data.sysDescr],
				["snmp.sys_object_id", record.data.sysObjectId],
			];
		default:
			return [];
	}
}

/** Without the status each line begins with. */
function greetingLines(greeting: string, status: RegExp): string[] {
	return greeting.split(/\r?\n/).map((line) => line.replace(status, "").trim());
}
