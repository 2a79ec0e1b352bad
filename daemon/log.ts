/** The daemon's log: JSON lines, rotated, without secrets. In the foreground it goes to standard error instead. */
import { type Logger, pino, stdSerializers } from "pino";
import roll from "pino-roll";

export interface LogOptions {
	/** Files are `<path>.<number>.log`. */
	readonly path: string;
	readonly foreground: boolean;
	/** A file is full at this size. Default 5 MB; six are kept. */
	readonly fileMegabytes?: number;
	readonly level?: string;
}

export interface Log {
	readonly logger: Logger;
	/** Everything logged before is on disk when it resolves. */
	close(): Promise<void>;
}

const filesKept = 5;

export async function openLog(options: LogOptions): Promise<Log> {
	const level = options.level ?? "info";
	if (options.foreground) {
		return {
			logger: pino(loggerOptions(level), pino.destination({ fd: 2, sync: true })),
			close: async () => undefined,
		};
	}
	// Used as a stream and not as a transport: a transport is a worker thread that loads a file by name, which a bundle
	// does not have. Synchronous, so that the last words before a crash are written.
	const stream = await roll({
		file: options.path,
		extension: ".log",
		size: `${Math.max(1, Math.round((options.fileMegabytes ?? 5) * 1_024))}k`,
		limit: { count: filesKept, removeOtherLogFiles: true },
		mkdir: true,
		mode: 0o600,
		sync: true,
	});
	// A full disk must not end the daemon.
	stream.on("error", () => undefined);
	return {
		logger: pino(loggerOptions(level), stream),
		close: () =>
			new Promise((resolve) => {
				stream.once("close", () => resolve());
				stream.end();
			}),
	};
}

function loggerOptions(level: string) {
	return {
		level,
		base: { pid: process.pid },
		timestamp: pino.stdTimeFunctions.isoTime,
		formatters: {
			level: (label: string) => ({ level: label }),
			log: (fields: Record<string, unknown>) => withoutSecrets(fields) as Record<string, unknown>,
		},
		serializers: { err: (err: Error) => withoutSecrets(stdSerializers.err(err)) },
	};
}

const secretName =
	/pass(word|phrase|wd)?$|secret|token|credential|authorization|cookie|community|(^|[-_.a-z])key$|private/i;
const deepest = 6;
const longest = 200;

/** A copy in which whatever is named like a secret is replaced, at any depth; bounded in depth and length. */
export function withoutSecrets(value: unknown, depth = 0): unknown {
	if (typeof value !== "object" || value === null || value instanceof Error || value instanceof Date) return value;
	if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
	if (depth >= deepest) return "[deeper]";
	if (Array.isArray(value)) return value.slice(0, longest).map((item) => withoutSecrets(item, depth + 1));
	return Object.fromEntries(
		Object.entries(value).map(([name, item]) => [
			name,
			secretName.test(name) && isTelling(item) ? "[secret]" : withoutSecrets(item, depth + 1),
		]),
	);
}

/** A flag or a null says nothing worth hiding. */
function isTelling(value: unknown): boolean {
	return value !== null && value !== undefined && typeof value !== "boolean";
}
