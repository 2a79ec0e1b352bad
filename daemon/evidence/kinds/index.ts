/** Every evidence kind, one line each. The name here is the `kind` of a record and what a signature applies to. */
import { accounts } from "./accounts.ts";
import { banner } from "./banner.ts";
import { certificate } from "./certificate.ts";
import { containers } from "./containers.ts";
import { cron } from "./cron.ts";
import { dns } from "./dns.ts";
import { elasticsearch } from "./elasticsearch.ts";
import { files } from "./files.ts";
import { ftp } from "./ftp.ts";
import { host } from "./host.ts";
import { http } from "./http.ts";
import { imap } from "./imap.ts";
import { interfaces } from "./interfaces.ts";
import { languages } from "./languages.ts";
import { ldap } from "./ldap.ts";
import { listeners } from "./listeners.ts";
import { login } from "./login.ts";
import { logins } from "./logins.ts";
import { memcached } from "./memcached.ts";
import { mongodb } from "./mongodb.ts";
import { mounts } from "./mounts.ts";
import { mysql } from "./mysql.ts";
import { nessus } from "./nessus.ts";
import { nmap } from "./nmap.ts";
import { packages } from "./packages.ts";
import { pop3 } from "./pop3.ts";
import { ports } from "./ports.ts";
import { postgresql } from "./postgresql.ts";
import { rdp } from "./rdp.ts";
import { redis } from "./redis.ts";
import { restart } from "./restart.ts";
import { rsync } from "./rsync.ts";
import { services } from "./services.ts";
import { smtp } from "./smtp.ts";
import { snmp } from "./snmp.ts";
import { ssh } from "./ssh.ts";
import { sshd } from "./sshd.ts";
import { sudoers } from "./sudoers.ts";
import { sysctl } from "./sysctl.ts";
import { system } from "./system.ts";
import { telnet } from "./telnet.ts";
import { tls } from "./tls.ts";
import { vnc } from "./vnc.ts";

/** Only ever told from inside a host. */
export const insideKinds = {
	accounts,
	containers,
	cron,
	files,
	interfaces,
	languages,
	listeners,
	logins,
	mounts,
	packages,
	restart,
	services,
	sshd,
	sudoers,
	sysctl,
	system,
} as const;

export const kinds = {
	banner,
	certificate,
	dns,
	elasticsearch,
	ftp,
	host,
	http,
	imap,
	ldap,
	login,
	memcached,
	mongodb,
	mysql,
	nessus,
	nmap,
	pop3,
	ports,
	postgresql,
	rdp,
	redis,
	rsync,
	smtp,
	snmp,
	ssh,
	telnet,
	tls,
	vnc,
	...insideKinds,
} as const;
