/** Cuts bytes into lines without making texts of them, and refuses what is not text. */
import { AppError } from "../../protocol/errors.ts";

/** No list of targets has a longer line. Bytes. */
const longestLine = 65_536;

const lf = 10;
const cr = 13;

/** A line lies in `bytes` from `start` to `end`, without its end (LF, CR LF or CR); read it at once, it is not kept. */
export type OnLine = (bytes: Buffer, start: number, end: number) => void;

export class LineSplitter {
	readonly #title: string;
	readonly #onLine: OnLine;
	#rest: Buffer = Buffer.alloc(0);
	#isFirst = true;

	/** `title` is for messages. */
	constructor(title: string, onLine: OnLine) {
		this.#title = title;
		this.#onLine = onLine;
	}

	/** Throws `invalid` for UTF-16, for what is no text, and for a line beyond all measure. */
	push(chunk: Buffer): void {
		let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
		if (this.#isFirst) {
			if (bytes.length < 4) {
				this.#rest = bytes;
				return;
			}
			bytes = this.#begin(bytes);
		}
		let start = 0;
		for (let i = 0; i < bytes.length; i++) {
			const code = bytes[i];
			if (code === 0) throw this.#noText();
			if (code !== lf && code !== cr) continue;
			// A CR at the end may be half of a line end.
			if (code === cr && i + 1 === bytes.length) break;
			this.#onLine(bytes, start, i);
			if (code === cr && bytes[i + 1] === lf) i++;
			start = i + 1;
		}
		this.#rest = bytes.subarray(start);
		if (this.#rest.length > longestLine) throw this.#noText();
	}

	/** The last line, which may have no end. */
	end(): void {
		if (this.#isFirst) this.#rest = this.#begin(this.#rest);
		const { length } = this.#rest;
		if (this.#rest.includes(0)) throw this.#noText();
		const end = this.#rest[length - 1] === cr ? length - 1 : length;
		if (length > 0) this.#onLine(this.#rest, 0, end);
		this.#rest = Buffer.alloc(0);
	}

	/** Without a byte order mark. */
	#begin(bytes: Buffer): Buffer {
		this.#isFirst = false;
		const [first, second, third, fourth] = bytes;
		const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
		// Without a mark, text of this kind has a zero in every second byte.
		const bare = (first === 0 && second !== 0 && third === 0) || (second === 0 && first !== 0 && fourth === 0);
		if (marked || bare) {
			throw new AppError("invalid", `${this.#title} is UTF-16 text, not UTF-8.`, {
				hint: `Nothing was sent. Save it as UTF-8, e.g.: iconv -f UTF-16 -t UTF-8 ${this.#title}`,
			});
		}
		return first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes;
	}

	#noText(): AppError {
		return new AppError("invalid", `${this.#title} is not a list of targets: it is no text of lines.`, {
			hint: "Nothing was sent. Name a text file with one target a line.",
		});
	}
}
