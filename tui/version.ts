/** The version this program says it is; the bundler takes it from package.json. */
import manifest from "../package.json" with { type: "json" };

export const version: string = manifest.version;
