/** What a hostile machine may do to whoever talks to it: one behaviour a port, all on one address. */

import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";

/** Writes for as long as it is listened to. */
function pour(socket: Socket, chunk: Buffer | string): void {
	const more = () => {
		while (!socket.destroyed && socket.write(chunk));
	};
	socket.on("drain", more);
	more();
}

/** A byte each `everyMs`, for ever. */
function drip(socket: Socket, text: string, everyMs: number): void {
	let at = 0;
	const timer = setInterval(() => socket.write(text.charAt(at++ % text.length)), everyMs);
	socket.on("close", () => clearInterval(timer));
}

/** Answers the first bytes that come, whatever they are. */
function once(answer: (socket: Socket, asked: Buffer) => void): (socket: Socket) => void {
	return (socket) => socket.once("data", (asked: Buffer) => answer(socket, asked));
}

/** Answers each request on a connection. */
function each(answer: (socket: Socket, asked: Buffer) => void): (socket: Socket) => void {
	return (socket) => socket.on("data", (asked: Buffer) => answer(socket, asked));
}

const evil = "\u001b]0;owned\u0007\u001b[2J%s%n%x$(id)`id`\u0000\u009b31m<script>\u202e'\";--";
const head = (fields: string) => `HTTP/1.1 200 OK\r\n${fields}\r\n`;
const pseudoRandom = Buffer.from(
	Array.from({ length: 65_536 }, (_, i) => (Math.imul(i + 1, 2_654_435_761) >>> 13) & 255),
);
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
const deepJson = `${'{"a":['.repeat(50_000)}`;
const tlsRecord = (type: number, body: Buffer) =>
	Buffer.concat([Buffer.from([type, 3, 3, body.length >> 8, body.length & 255]), body]);
/** A server hello's start, then certificates without end. */
const certificates = tlsRecord(
	22,
	Buffer.concat([Buffer.from([11, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfc]), Buffer.alloc(16_000, 0x30)]),
);

export const behaviours: Record<string, (socket: Socket) => void> = {
	"endless banner": (socket) => pour(socket, "A".repeat(65_536)),
	"endless lines": (socket) => pour(socket, "220-come in\r\n".repeat(5_000)),
	"a byte a second": (socket) => drip(socket, "220 slow", 1_000),
	"a byte at a time, then SSH": (socket) => drip(socket, "SSH-2.0-OpenSSH_9.2p1 slow and never ending ", 300),
	"never answers": () => undefined,
	"closes at once": (socket) => socket.destroy(),
	"resets after accept": (socket) => socket.resetAndDestroy(),
	"resets after the first byte": once((socket) => socket.resetAndDestroy()),
	"half closes and waits": (socket) => socket.end("220 "),
	"a body of a gigabyte": each((socket) => {
		socket.write(head("Content-Length: 1073741824\r\n"));
		pour(socket, Buffer.alloc(65_536, 0x41));
	}),
	"a body without end": each((socket) => {
		socket.write(head("Transfer-Encoding: chunked\r\n"));
		pour(socket, `10000\r\n${"A".repeat(65_536)}\r\n`);
	}),
	"chunks of one byte": each((socket) => {
		socket.write(head("Transfer-Encoding: chunked\r\n"));
		pour(socket, "1\r\nA\r\n".repeat(8_000));
	}),
	"a redirect loop": each((socket, asked) => {
		const path = /^\S+ (\S+)/.exec(asked.toString("latin1"))?.[1] ?? "/";
		socket.write(`HTTP/1.1 302 Found\r\nLocation: ${path}x\r\nContent-Length: 0\r\n\r\n`);
	}),
	"a redirect elsewhere": each((socket) =>
		socket.write("HTTP/1.1 302 Found\r\nLocation: http://127.0.99.2:7777/\r\nContent-Length: 0\r\n\r\n"),
	),
	"a gzip bomb": each((socket) =>
		socket.write(
			Buffer.concat([Buffer.from(head(`Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n`)), bomb]),
		),
	),
	"deep JSON": each((socket) =>
		socket.write(`${head(`Content-Type: application/json\r\nContent-Length: ${deepJson.length}\r\n`)}${deepJson}`),
	),
	"ten thousand headers": each((socket) =>
		socket.write(head(Array.from({ length: 10_000 }, (_, i) => `X-${i}: ${"v".repeat(20)}\r\n`).join(""))),
	),
	"a header without end": each((socket) => {
		socket.write("HTTP/1.1 200 OK\r\nX: ");
		pour(socket, "h".repeat(65_536));
	}),
	"interim answers without end": each((socket) => pour(socket, "HTTP/1.1 100 Continue\r\n\r\n".repeat(1_000))),
	"escapes in every field of HTTP": each((socket) => {
		const body = `<title>${evil}</title>`;
		const fields = ["Server", "X-Powered-By", "Location", "Set-Cookie", "WWW-Authenticate"];
		const lines = fields.map((name) => `${name}: ${evil.replaceAll(/[\r\n]/g, "")}\r\n`).join("");
		socket.write(`HTTP/1.1 200 ${evil}\r\n${lines}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
	}),
	"escapes in a greeting": (socket) => socket.write(`220 ${evil}\r\n`),
	"escapes in SSH's version": (socket) => socket.write(`SSH-2.0-${evil}\r\n`),
	"format strings in FTP": (socket) => {
		socket.write("220 %s%s%s%n%n (vsFTPd 3.0.3%n)\r\n");
		socket.on("data", () => socket.write("500 %s%n\r\n"));
	},
	"NUL bytes": (socket) => pour(socket, Buffer.alloc(65_536)),
	"random bytes": (socket) => pour(socket, pseudoRandom),
	"random bytes once": (socket) => socket.end(pseudoRandom.subarray(0, 4_096)),
	"a flood before SSH's version": (socket) => pour(socket, `${"x".repeat(200)}\r\n`.repeat(300)),
	"an SSH packet of four gigabytes": (socket) => {
		socket.write("SSH-2.0-OpenSSH_9.2p1\r\n");
		socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 4, 20]));
		pour(socket, Buffer.alloc(65_536, 1));
	},
	echo: each((socket, asked) => socket.write(asked)),
	"echo twice": each((socket, asked) => socket.write(Buffer.concat([asked, asked]))),
	"TLS garbage": once((socket) => socket.write(tlsRecord(22, pseudoRandom.subarray(0, 16_000)))),
	"TLS alerts without end": once((socket) => pour(socket, tlsRecord(21, Buffer.from([1, 0])))),
	"TLS certificates without end": once((socket) => pour(socket, certificates)),
	"greets in TLS": (socket) => socket.write(tlsRecord(22, Buffer.from([2, 0, 0, 40, 3, 3, ...Array(38).fill(7)]))),
	"a Redis answer of a gigabyte": each((socket) => {
		socket.write("$1073741824\r\n");
		pour(socket, Buffer.alloc(65_536, 0x42));
	}),
	"a Redis array of a billion": each((socket) => socket.write("*1000000000\r\n*1000000000\r\n*1000000000\r\n")),
	"a MySQL packet that is all length": (socket) => {
		socket.write(Buffer.from([0xff, 0xff, 0xff, 0, 10]));
		pour(socket, Buffer.alloc(65_536, 0x35));
	},
	"telnet options without end": (socket) => pour(socket, Buffer.from(Array(3_000).fill([255, 253, 31]).flat())),
	"an LDAP length of all ones": once((socket) =>
		socket.write(Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 2, 1, 1])),
	),
	"a MongoDB document without end": once((socket) => {
		socket.write(Buffer.from([0xff, 0xff, 0xff, 0x7f, 1, 0, 0, 0, 1, 0, 0, 0, 0xdd, 7, 0, 0]));
		pour(socket, Buffer.alloc(65_536, 3));
	}),
	"a VNC failure of four gigabytes": (socket) => {
		socket.write("RFB 003.008\n");
		socket.once("data", () => {
			socket.write(Buffer.from([0, 0xff, 0xff, 0xff, 0xff]));
			pour(socket, Buffer.alloc(65_536, 0x41));
		});
	},
	"an rsync list without end": (socket) => {
		socket.write("@RSYNCD: 31.0\n");
		socket.once("data", () => pour(socket, "module\tcomment\n".repeat(4_000)));
	},
	"SMTP that goes on": (socket) => {
		socket.write("220 mail ESMTP\r\n");
		socket.once("data", () => pour(socket, "250-EXTENSION\r\n".repeat(4_000)));
	},
	"IMAP literals of a gigabyte": (socket) => {
		socket.write("* OK {1073741824}\r\n");
		pour(socket, "A".repeat(65_536));
	},
};
