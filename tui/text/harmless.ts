/** Text from hosts, made safe for a terminal: the same for screens as for files (protocol/harmless.ts). */
export { harmless, harmlessLines } from "../../protocol/harmless.ts";
