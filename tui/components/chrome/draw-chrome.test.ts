import { expect, test } from "vitest";
import { widthOf } from "../../text/width.ts";
import { drawCrumbs } from "./draw-chrome.ts";

const bare = (text: string) => text.replace(/\u001b\[[\d;]*m/g, "");
const path = ["Dashboard", "This machine", "10.0.0.0/24"];

test.each([
	[80, " Dashboard › This machine › 10.0.0.0/24                     ● running 14 % left "],
	[60, " … › This machine › 10.0.0.0/24         ● running 14 % left "],
	[45, " … › 10.0.0.0/24         ● running 14 % left "],
	[40, " … › 10.0.0.0/24    ● running 14 % left "],
	[34, " … › 10.0.0.0/24                  "],
])("at %i columns the figures stay, and the way here gives way from its start", (width, expected) => {
	const drawn = bare(drawCrumbs(width, { path, figures: [["● running 14 % left"]] }));
	expect(drawn).toBe(expected);
	expect(widthOf(drawn)).toBe(width);
});
