/** The keys of the settings and of what goes on. Part of the keymap. */
import type { Binding } from "./binding.ts";

export const settingsKeymap = {
	settings: [
		{
			...{ action: "edit", keys: ["e"], needs: "operate" as const, footer: "edit" },
			description: "Change the setting; what is changed elsewhere is opened there",
		},
		{
			...{ action: "default", keys: ["D"], needs: "operate" as const, footer: "default" },
			description: "Back to the default",
		},
	],
} as const satisfies Record<string, readonly Binding[]>;
