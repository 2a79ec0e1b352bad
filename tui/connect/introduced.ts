/** A client whose daemon has said what people are called: from the greeting on, names are shown. */
import { type Client, type ClientOptions, connectClient } from "../../protocol/client.ts";
import { knowPeople } from "../text/people.ts";

/** As `connectClient`; told again with each greeting of the connection. */
export async function connectIntroduced(options: ClientOptions): Promise<Client> {
	const client = await connectClient(options);
	knowPeople(client.hello.people);
	client.onState((state) => {
		if (state === "connected") knowPeople(client.hello.people);
	});
	return client;
}
