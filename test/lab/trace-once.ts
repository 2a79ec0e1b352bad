/** Traces the routes to the addresses it is given and prints them as JSON: for a test that runs it without privileges. */
import { traceRoutes } from "../../daemon/packets/trace/trace-routes.ts";

const addresses = process.argv.slice(2);
const routes: unknown[] = [];
const outcome = await traceRoutes(
	{
		...{ groups: addresses.map((address) => [address]), all: true, fragilePorts: [] },
		guard: { allow: addresses.map((address) => [address, address] as const), deny: [] },
		limits: { ratePerSecond: 500, timeoutMs: 1_000, tries: 3 },
	},
	{ signal: new AbortController().signal, onRoute: (route) => routes.push(route), onSent: () => undefined },
);
process.stdout.write(JSON.stringify({ routes, ...outcome }));
