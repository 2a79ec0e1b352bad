/** The command with which a person sees for themselves what a record says, by kind of evidence. Pure; nothing is run. */
import type { Kind } from "../evidence/record.ts";

export interface CheckPlace {
	address: string;
	port: number;
	/** Inside TLS from the first byte. */
	tls: boolean;
	/** Protocol that is upgraded by STARTTLS; null when none is. */
	starttls: string | null;
	hostname: string | null;
}

type Command = (place: CheckPlace) => string;

/** A command line to paste into a shell; null where no common tool tells. Everything in it is ours or an address. */
export function manualCheck(kind: Kind, place: CheckPlace): string | null {
	const command = commands[kind];
	return command === undefined ? null : command(place);
}

const openssl: Command = (place) => {
	const upgrade = place.starttls === null ? "" : ` -starttls ${place.starttls}`;
	const name = isHostName(place.hostname) ? ` -servername ${place.hostname}` : "";
	return `openssl s_client -connect ${hostPort(place)}${name}${upgrade} </dev/null`;
};

/** A line protocol: plain, or through TLS when that is how it is spoken. */
function talk(line: string): Command {
	return (place) => {
		const send = `printf '${line}\\r\\n'`;
		if (place.tls) return `${send} | openssl s_client -quiet -connect ${hostPort(place)}`;
		return `${send} | nc -w 5 ${place.address} ${place.port}`;
	};
}

/** By a login of one's own. */
function inside(command: string): Command {
	return ({ address }) => `ssh ${address} '${command}'`;
}

/** What another scanner saw: whether it is there at all. */
const reached: Command = ({ address, port }) =>
	port === 0 ? `ping -c 1 ${address}` : `nc -zv -w 3 ${address} ${port}`;

const commands: Partial<Record<Kind, Command>> = {
	accounts: inside("getent passwd; sudo cat /etc/shadow"),
	banner: ({ address, port }) => `nc -w 5 ${address} ${port} </dev/null`,
	certificate: (place) => `${openssl(place)} | openssl x509 -noout -text`,
	containers: inside("sudo docker ps -a || sudo podman ps -a"),
	cron: inside("sudo grep -r . /etc/crontab /etc/cron.d /var/spool/cron"),
	dns: ({ address, port }) => `dig @${address} -p ${port} version.bind CH TXT`,
	elasticsearch: (place) => `curl -sk ${url(place)}_cat/indices`,
	files: inside("find /etc /usr -xdev -perm -0002 ! -type l"),
	ftp: ({ address, port }) => `curl -v --user anonymous:vedette@ ftp://${bracketed(address)}:${port}/`,
	host: ({ address }) => `ping -c 1 ${address}`,
	http: (place) => {
		const name = isHostName(place.hostname) ? `-H 'Host: ${place.hostname}' ` : "";
		return `curl -skiL ${name}${url(place)}`;
	},
	imap: talk("a CAPABILITY\\r\\nb LOGOUT"),
	interfaces: inside("ip addr"),
	languages: inside("npm ls -g; pip list; gem list"),
	ldap: ({ address, port, tls }) =>
		`ldapsearch -x -H ${tls ? "ldaps" : "ldap"}://${bracketed(address)}:${port} -s base -b '' +`,
	listeners: inside("sudo ss -lntup"),
	login: ({ address }) => `ssh -v ${address} true`,
	logins: inside("cat /etc/login.defs /etc/pam.d/*"),
	memcached: talk("stats\\r\\nquit"),
	mongodb: ({ address, port }) =>
		`mongosh --host ${address} --port ${port} --eval 'db.adminCommand({listDatabases: 1})'`,
	mounts: inside("cat /proc/self/mounts"),
	mysql: ({ address, port }) => `mysql -h ${address} -P ${port} -u root --skip-password -e 'SELECT version()'`,
	nessus: reached,
	nmap: reached,
	packages: inside("dpkg-query -W || rpm -qa || apk info -v"),
	pop3: talk("CAPA\\r\\nQUIT"),
	ports: ({ address }) => `nc -zv -w 3 ${address} PORT`,
	postgresql: ({ address, port }) => `psql -h ${address} -p ${port} -U postgres -w -c 'SELECT version()'`,
	rdp: ({ address, port }) => `xfreerdp /v:${bracketed(address)}:${port} /cert:ignore +auth-only`,
	redis: ({ address, port, tls }) => `redis-cli${tls ? " --tls --insecure" : ""} -h ${address} -p ${port} INFO server`,
	restart: inside("sudo needrestart -b"),
	rsync: ({ address, port }) => `rsync --contimeout=5 rsync://${bracketed(address)}:${port}/`,
	services: inside("systemctl list-units --all || rc-status -a"),
	smtp: talk("EHLO check.invalid\\r\\nQUIT"),
	snmp: ({ address, port }) => `snmpget -v2c -c public ${bracketed(address)}:${port} 1.3.6.1.2.1.1.1.0`,
	ssh: ({ address, port }) => `ssh -vv -o BatchMode=yes -o PreferredAuthentications=none -p ${port} ${address}`,
	sshd: inside("sudo sshd -T"),
	sudoers: inside("sudo cat /etc/sudoers; sudo ls /etc/sudoers.d"),
	sysctl: inside("sudo sysctl -a"),
	system: inside("cat /etc/os-release; uname -a"),
	telnet: ({ address, port }) => `telnet ${address} ${port}`,
	tls: openssl,
	vnc: ({ address, port }) => `vncviewer ${bracketed(address)}::${port}`,
};

function url(place: CheckPlace): string {
	return `${place.tls ? "https" : "http"}://${hostPort(place)}/`;
}

function hostPort({ address, port }: CheckPlace): string {
	return `${bracketed(address)}:${port}`;
}

function bracketed(address: string): string {
	return address.includes(":") ? `[${address}]` : address;
}

/** Only what needs no quoting may go into a command line. */
function isHostName(name: string | null): name is string {
	return name !== null && /^[a-z0-9][a-z0-9.-]{0,252}$/i.test(name);
}
