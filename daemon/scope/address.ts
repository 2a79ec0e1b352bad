/** Addresses are read the same way on both sides of the socket: this is the protocol's reading of them. */
export {
	type Address,
	addressBits,
	addressBytes,
	canonicalAddress,
	formatAddress,
	parseAddress,
} from "../../protocol/target/address.ts";
