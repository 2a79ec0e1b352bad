/** One host of a map as a text: for screens without room for details beside the list. */
import { describeHost } from "../../components/map/describe-map.ts";
import { createTextView } from "../../components/reader/text-view.tsx";
import type { Screen } from "../view.ts";

export const mapHost: Screen<"map-host"> = {
	id: "map-host",
	title: "Host",
	open(route, context) {
		const { host } = route;
		return createTextView(context, {
			...{ route, path: [host.address], title: host.address, blocks: describeHost(host) },
			copy: () => ({ what: "the address", text: host.address }),
		});
	},
};
