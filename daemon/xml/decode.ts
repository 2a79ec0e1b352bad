/** The bytes of an XML file as text, part by part: by its byte order mark, its declaration, or else as UTF-8. Pure. */

/** What is looked at for the encoding. Bytes. */
const headLength = 256;
/** U+FFFD in UTF-8. */
const own = Buffer.from("\uFFFD");

/** One stream. Bytes that are no characters become U+FFFD; they are counted, and nothing after them is lost. */
export class XmlDecoder {
	#head: Buffer | null = Buffer.alloc(0);
	#decoder: InstanceType<typeof TextDecoder> | null = null;
	#replaced = 0;
	/** Of the last bytes, as many as U+FFFD may begin with. */
	#tail = Buffer.alloc(0);

	/** Characters that could not be read; one that a file has itself as U+FFFD in UTF-8 is none. */
	get replaced(): number {
		return Math.max(0, this.#replaced);
	}

	push(bytes: Uint8Array): string {
		if (this.#head === null) return this.#decode(bytes);
		this.#head = Buffer.concat([this.#head, bytes]);
		return this.#head.length < headLength ? "" : this.#begin(this.#head);
	}

	end(): string {
		const rest = this.#head === null ? "" : this.#begin(this.#head);
		return rest + this.#count(this.#decoder?.decode() ?? "");
	}

	#begin(head: Buffer): string {
		this.#head = null;
		this.#decoder = new TextDecoder(encodingOf(head));
		return this.#decode(head);
	}

	#decode(bytes: Uint8Array): string {
		this.#countOwn(bytes);
		return this.#count(this.#decoder?.decode(bytes, { stream: true }) ?? "");
	}

	#countOwn(bytes: Uint8Array): void {
		if (this.#decoder?.encoding !== "utf-8") return;
		const all = Buffer.concat([this.#tail, bytes]);
		for (let at = all.indexOf(own); at >= 0; at = all.indexOf(own, at + own.length)) this.#replaced--;
		this.#tail = Buffer.from(all.subarray(Math.max(0, all.length - own.length + 1)));
	}

	#count(text: string): string {
		for (let at = text.indexOf("\uFFFD"); at >= 0; at = text.indexOf("\uFFFD", at + 1)) this.#replaced++;
		return text;
	}
}

/** XML 1.0, appendix F: the first bytes tell whether it is UTF-16, and the declaration what else it is. */
function encodingOf(head: Buffer): string {
	const [first, second] = head;
	if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return "utf-16le";
	if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return "utf-16be";
	const told = /^(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/.exec(
		head.toString("latin1"),
	)?.[1];
	// Its bytes are not UTF-16, whatever it says.
	return told === undefined || /^utf-?16/i.test(told) || !isKnown(told) ? "utf-8" : told;
}

function isKnown(label: string): boolean {
	try {
		new TextDecoder(label);
		return true;
	} catch {
		return false;
	}
}
