/** Gathers chosen elements of a stream as wholes, bounded, so that a file of any length is read a piece at a time. Pure. */
import type { XmlEvent } from "./reader.ts";

export interface XmlElement {
	readonly name: string;
	readonly attributes: ReadonlyMap<string, string>;
	/** Without its children's. */
	readonly text: string;
	readonly children: readonly XmlElement[];
	/** It was larger than is kept: what came behind is missing, also of its children. False on children. */
	readonly isCut: boolean;
}

interface Draft extends XmlElement {
	text: string;
	children: Draft[];
	isCut: boolean;
}

/** Characters and elements; more than that of one element is left out. */
const mostText = 8 << 20;
const mostElements = 300_000;

export class ElementGatherer {
	readonly #names: ReadonlySet<string>;
	readonly #open: Draft[] = [];
	#text = 0;
	#elements = 0;
	#leftOut = 0;

	/** An element of one of these names is gathered, those within it as its children. */
	constructor(names: readonly string[]) {
		this.#names = new Set(names);
	}

	/** It is within an element that is being gathered. */
	get isWithin(): boolean {
		return this.#open.length > 0;
	}

	/** How many elements were larger than is kept. */
	get leftOut(): number {
		return this.#leftOut;
	}

	/** Of the element that is being gathered nothing is kept. */
	abandon(): void {
		this.#open.length = 0;
	}

	/** The element that ends with this event; null when none does. */
	take(event: XmlEvent): XmlElement | null {
		if (event.kind === "open") this.#enter(event.name, event.attributes);
		else if (event.kind === "text") this.#add(event.text);
		else return this.#leave();
		return null;
	}

	#enter(name: string, attributes: ReadonlyMap<string, string>): void {
		const parent = this.#open.at(-1);
		if (parent === undefined && !this.#names.has(name)) return;
		const draft: Draft = { name, attributes, text: "", children: [], isCut: false };
		this.#open.push(draft);
		if (parent === undefined) [this.#text, this.#elements] = [0, 0];
		for (const value of attributes.values()) this.#text += value.length;
		if (this.#isFull) return;
		this.#elements++;
		parent?.children.push(draft);
	}

	#add(text: string): void {
		const draft = this.#open.at(-1);
		if (draft === undefined || this.#isFull) return;
		this.#text += text.length;
		draft.text += text;
	}

	#leave(): XmlElement | null {
		const draft = this.#open.pop();
		if (draft === undefined || this.#open.length > 0) return null;
		draft.isCut = this.#isFull;
		if (draft.isCut) this.#leftOut++;
		return draft;
	}

	get #isFull(): boolean {
		return this.#text > mostText || this.#elements >= mostElements;
	}
}

/** The first child of that name. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
	return element.children.find((child) => child.name === name);
}

export function childrenOf(element: XmlElement, name: string): XmlElement[] {
	return element.children.filter((child) => child.name === name);
}

/** Text of the first child of that name, trimmed; null: there is none, or nothing in it. */
export function childText(element: XmlElement, name: string): string | null {
	const text = childOf(element, name)?.text.trim();
	return text === undefined || text === "" ? null : text;
}
