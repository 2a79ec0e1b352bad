/** Which UDP port is sent what, one line each. A port that is not here gets an empty datagram: closed ones tell all the same. */
import {
	anything,
	bacnetDevice,
	cipIdentity,
	coapCore,
	gameInfo,
	knxDescription,
	memcachedVersion,
	mgcpAudit,
	mumblePing,
	rakNetPing,
	sentinelQuery,
	sipOptions,
	tftpRead,
} from "./applications.ts";
import { cldapRoot, kerberosRequest } from "./directories.ts";
import {
	asfPing,
	ipmiCapabilities,
	natPmpAddress,
	ntpQuestion,
	ripTable,
	rpcNull,
	snmpDiscovery,
	snmpGet,
	sqlBrowser,
	ubiquitiDiscovery,
	xdmcpQuery,
} from "./management.ts";
import {
	dnsVersion,
	llmnrQuestion,
	mdnsServices,
	netbiosStatus,
	slpTypes,
	ssdpSearch,
	wsDiscoveryProbe,
} from "./names.ts";
import {
	dtlsHello,
	gtpEcho,
	ikeBehindNat,
	ikeOffer,
	l2tpStart,
	openVpnReset,
	quicVersions,
	radiusStatus,
	rdpSyn,
	stunBinding,
} from "./tunnels.ts";

type Builder = () => Uint8Array;

/** Several datagrams where an agent answers only one that it likes. */
const builders: readonly (readonly [ports: readonly number[], ...payloads: Builder[]])[] = [
	[[7, 13, 17, 19, 37], anything],
	[[53], dnsVersion],
	[[69], tftpRead],
	[[88], kerberosRequest],
	[[111], () => rpcNull(100_000, 2)],
	[[123], ntpQuestion],
	[[137], netbiosStatus],
	[[161], () => snmpGet(0, "public"), snmpDiscovery, () => snmpGet(1, "private")],
	[[177], xdmcpQuery],
	[[389, 3_268], cldapRoot],
	[[427], slpTypes],
	[[443, 80, 853], quicVersions, dtlsHello],
	[[500], ikeOffer],
	[[520], ripTable],
	[[623, 664], asfPing, ipmiCapabilities],
	[[1_194], openVpnReset],
	[[1_434], sqlBrowser],
	[[1_645, 1_646, 1_812, 1_813], radiusStatus],
	[[1_701], l2tpStart],
	[[1_900], ssdpSearch],
	[[2_049], () => rpcNull(100_003, 3)],
	[[2_123, 2_152], gtpEcho],
	[[2_427], mgcpAudit],
	[[3_389], rdpSyn],
	[[3_391, 5_246, 5_684], dtlsHello],
	[[3_478, 5_349], stunBinding],
	[[3_671], knxDescription],
	[[3_702], wsDiscoveryProbe],
	[[4_500], ikeBehindNat],
	[[5_060, 5_061], sipOptions],
	[[5_093], sentinelQuery],
	[[5_351], natPmpAddress],
	[[5_353], mdnsServices],
	[[5_355], llmnrQuestion],
	[[5_683], coapCore],
	[[10_001], ubiquitiDiscovery],
	[[11_211], memcachedVersion],
	// VxWorks' debug agent is an RPC program of its own.
	[[17_185], () => rpcNull(0x55555555, 1)],
	[[19_132], rakNetPing],
	[[27_015, 27_016], gameInfo],
	[[32_768, 32_769, 32_770, 32_771], () => rpcNull(100_024, 1)],
	[[44_818], cipIdentity],
	[[47_808], bacnetDevice],
	[[64_738], mumblePing],
];

const nothing: readonly Uint8Array[] = [new Uint8Array(0)];
const built = new Map<number, readonly Uint8Array[]>();

/** The datagrams for a port, one at least, 1,400 bytes each at most. The same objects every time: not to be written to. */
export function payloadsOf(port: number): readonly Uint8Array[] {
	let payloads = built.get(port);
	if (payloads === undefined) {
		const line = builders.find(([ports]) => ports.includes(port));
		payloads = line === undefined ? nothing : line.slice(1).map((build) => (build as Builder)());
		built.set(port, payloads);
	}
	return payloads;
}
