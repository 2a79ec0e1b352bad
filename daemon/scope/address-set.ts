/** Sets of addresses are the same on both sides of the socket: this is the protocol's. */
export { type AddressParts, type AddressRange, AddressSet, type TextRange } from "../../protocol/target/address-set.ts";
