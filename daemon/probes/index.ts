/** Every probe, one line each. */

import { probe as dns } from "./dns/probe.ts";
import { probe as ftp } from "./ftp/probe.ts";
import { probe as http } from "./http/probe.ts";
import { probe as imap } from "./imap/probe.ts";
import { probe as ldap } from "./ldap/probe.ts";
import { probe as memcached } from "./memcached/probe.ts";
import { probe as mongodb } from "./mongodb/probe.ts";
import { probe as mysql } from "./mysql/probe.ts";
import { probe as pop3 } from "./pop3/probe.ts";
import { probe as postgresql } from "./postgresql/probe.ts";
import type { Probe } from "./probe.ts";
import { probe as rdp } from "./rdp/probe.ts";
import { probe as redis } from "./redis/probe.ts";
import { probe as rsync } from "./rsync/probe.ts";
import { probe as smtp } from "./smtp/probe.ts";
import { probe as snmp } from "./snmp/probe.ts";
import { probe as ssh } from "./ssh/probe.ts";
import { probe as telnet } from "./telnet/probe.ts";
import { probe as tls } from "./tls/probe.ts";
import { probe as vnc } from "./vnc/probe.ts";

export const probes: readonly Probe[] = [
	dns,
	ftp,
	http,
	imap,
	ldap,
	memcached,
	mongodb,
	mysql,
	pop3,
	postgresql,
	rdp,
	redis,
	rsync,
	smtp,
	snmp,
	ssh,
	telnet,
	vnc,
	tls,
];
