/** Made-up files of other scanners, as small as what is to be shown with them. */

/** Seconds since the epoch. */
export const scannedAt = 1_700_000_000;

export const nmapHead = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="nmap -sV -O 127.0.0.0/24" start="${scannedAt - 60}" version="7.94" xmloutputversion="1.05">
<scaninfo type="syn" protocol="tcp" numservices="1000" services="1-1000"/>
`;
export const nmapEnd = `<runstats><finished time="${scannedAt + 60}"/></runstats>\n</nmaprun>\n`;

/** A host with SSH open and 997 ports that refused; `more` goes into it, `ports` among its ports. */
export function nmapHost(address: string, more = "", ports = "", at = scannedAt): string {
	return `<host starttime="${at - 5}" endtime="${at}"><status state="up" reason="echo-reply" reason_ttl="64"/>
<address addr="${address}" addrtype="ipv4"/>
<hostnames><hostname name="Web.Example.ORG" type="PTR"/></hostnames>
<ports><extraports state="closed" count="997"><extrareasons reason="reset" count="997"/></extraports>
<port protocol="tcp" portid="22"><state state="open" reason="syn-ack"/><service name="ssh" product="OpenSSH" version="9.2p1" extrainfo="Debian" method="probed" conf="10"><cpe>cpe:/a:openbsd:openssh:9.2p1</cpe></service></port>
<port protocol="tcp" portid="80"><state state="open" reason="syn-ack"/><service name="http" method="table" conf="3"/></port>
<port protocol="tcp" portid="81"><state state="filtered" reason="no-response"/></port>
${ports}</ports>
${more}<times srtt="1500" rttvar="10" to="100000"/>
</host>
`;
}

export interface NessusOptions {
	/** Numbers of the plugins that ran; null: the file does not say. */
	plugins?: readonly number[] | null;
	portRange?: string;
	credentialed?: boolean;
}

export function nessusFile(hosts: string, { plugins = null }: NessusOptions = {}): string {
	const set =
		plugins === null
			? ""
			: `<preference><name>plugin_set</name><value>${plugins.join(";")};</value></preference>`;
	return `<?xml version="1.0" ?>
<NessusClientData_v2>
<Policy><policyName>Basic</policyName><Preferences><ServerPreferences>
<preference><name>max_hosts</name><value>80</value></preference>${set}
</ServerPreferences></Preferences></Policy>
<Report name="Office" xmlns:cm="http://www.nessus.org/cm">
${hosts}</Report>
</NessusClientData_v2>
`;
}

/** A report of plugin 42873 at 443/tcp is what the tests speak of. */
export function nessusItem(plugin: number, port = 443, more = "", severity = 3): string {
	return `<ReportItem port="${port}" svc_name="${port === 0 ? "general" : "www"}" protocol="tcp" severity="${severity}" pluginID="${plugin}" pluginName="Plugin ${plugin} &lt;b&gt;" pluginFamily="General">
<synopsis>Something is weak.</synopsis><description>It is weak in detail.</description><solution>Mend it.</solution>
<fname>p${plugin}.nasl</fname><plugin_name>Plugin ${plugin} &lt;b&gt;</plugin_name><risk_factor>${severity === 0 ? "None" : "High"}</risk_factor>${more}</ReportItem>
`;
}

export function nessusHost(
	address: string,
	items: string,
	{ portRange = "1-65535", credentialed = false }: NessusOptions = {},
	at = scannedAt,
): string {
	const information = `Information about this scan :\n\nNessus version : 10.6.1\nPlugin feed version : 202311140000\nScan policy used : Basic\nPort range : ${portRange}\nCredentialed checks : ${credentialed ? "yes" : "no"}\n`;
	return `<ReportHost name="${address}"><HostProperties>
<tag name="Credentialed_Scan">${credentialed}</tag><tag name="host-ip">${address}</tag>
<tag name="HOST_START_TIMESTAMP">${at - 600}</tag><tag name="HOST_END_TIMESTAMP">${at}</tag>
<tag name="netbios-name">FILES</tag><tag name="mac-address">00:11:22:33:44:55</tag>
<tag name="operating-system">Debian GNU/Linux 12</tag><tag name="operating-system-conf">95</tag>
</HostProperties>
${nessusItem(19506, 0, `<plugin_output>${information}</plugin_output>`, 0)}${items}</ReportHost>
`;
}
