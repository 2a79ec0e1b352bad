/** What a key does, as data. */
import type { Access } from "../../protocol/define.ts";

export interface Binding {
	readonly action: string;
	/** Names as `keyName` writes them; two keys one after the other with a blank between. */
	readonly keys: readonly string[];
	readonly description: string;
	/** Short words for the hint line; without it only `?` tells. */
	readonly footer?: string;
	/** What the caller must be allowed; a read-only console refuses the rest and says so. */
	readonly needs?: Access;
}
