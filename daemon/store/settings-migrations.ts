/** How settings of an older version become the present one. A released step is never edited. */

type Data = Record<string, unknown>;

/** Names that became built-in ones with version 2. */
const takenBy2 = ["light inventory", "full tcp", "pci external"];

/** Step n makes version n + 2 of version n + 1. Old data may be anything: what comes out is checked afterwards. */
export const migrations: readonly ((before: Data) => Data)[] = [toVersion2, toVersion3, toVersion4];

/** Profiles become versioned and say their ports; exclusions get a history. Who and when was not kept before. */
function toVersion2(before: Data): Data {
	return {
		...before,
		profiles: listOf(before.profiles).map(({ name, description, limits }) => ({
			name: takenBy2.includes(String(name).trim().toLowerCase()) ? `${name} (mine)` : name,
			deleted: false,
			versions: [
				{
					version: 1,
					at: null,
					by: null,
					options: {
						description,
						ports: { set: "standard", additional: "" },
						udp: true,
						discovery: { ports: "21-23,25,53,80,88,110,111,135,139,443,445", scanDeadHosts: false },
						performance: { ...(limits as Data), level: "custom", surveysPerHost: 8 },
						maxMinutesPerHost: null,
						maxMinutesPerScan: null,
					},
				},
			],
		})),
		exclusions: listOf(before.exclusions).map(({ target, comment }, index) => ({
			id: index + 1,
			target,
			ranges: [],
			comment: comment === "" ? "Added before comments were asked for." : comment,
			addedAt: null,
			addedBy: null,
			expiresAt: null,
			removed: null,
		})),
		fragilePorts: "",
	};
}

/** UDP is a set of ports and no longer yes or no; yes meant the few there was a probe for, which the light set holds. */
function toVersion3(before: Data): Data {
	return {
		...before,
		profiles: listOf(before.profiles).map((profile) => ({
			...profile,
			versions: listOf(profile.versions).map((version) => {
				const options = (version.options ?? {}) as Data;
				return {
					...version,
					options: { ...options, udp: { set: options.udp === true ? "light" : "none", additional: "" } },
				};
			}),
		})),
	};
}

/** Operators: until now root and the daemon's own user alone. An older daemon would drop them, so the version says no. */
function toVersion4(before: Data): Data {
	return { ...before, operators: { grants: [], tokens: [], keys: [], singleOperator: null } };
}

function listOf(value: unknown): Data[] {
	return Array.isArray(value) ? value.map((item) => (typeof item === "object" && item !== null ? item : {})) : [];
}
