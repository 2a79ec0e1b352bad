/** The head of a bundle: a magic line, the manifest as one line of JSON, and the signature over both. Never throws on any bytes. */
import { createHash, type KeyObject, sign, verify } from "node:crypto";
import { closeSync, readSync } from "node:fs";
import { type BundleManifest, bundleManifest, type signatureStates } from "../../../protocol/model/knowledge-bundle.ts";
import { openRegular } from "../../regular-file.ts";
import { keyId, publicKeyObject } from "./bundle-key.ts";

const bundleMagic = "vedette-bundle 1\n";
/** Some thousand feeds have room in it. Bytes. */
const longestHead = 4 << 20;

export interface BundleHead {
	readonly manifest: BundleManifest;
	/** SHA-256 of what is signed. */
	readonly hash: string;
	/** What is signed, and by what. */
	readonly signed: Buffer;
	readonly signature: Buffer;
	/** Where the payload begins. */
	readonly bytes: number;
}

/** `newer`: written by a Vedette that knows another format; `damaged`: begins as one and goes on as none. */
export type HeadFault = "no-bundle" | "newer" | "damaged";

export function makeHead(manifest: BundleManifest, secret: KeyObject): Buffer {
	const signed = Buffer.from(`${bundleMagic}${JSON.stringify(manifest)}\n`);
	return Buffer.concat([signed, Buffer.from(`${sign(null, signed, secret).toString("base64")}\n`)]);
}

export function hashOfManifest(signed: Uint8Array): string {
	return createHash("sha256").update(signed).digest("hex");
}

export function readHead(path: string): BundleHead | HeadFault {
	const fd = openRegular(path);
	if (fd === null) return "no-bundle";
	const bytes = Buffer.alloc(longestHead);
	try {
		let length = 0;
		for (let read = -1; read !== 0 && length < longestHead; length += read) {
			read = readSync(fd, bytes, length, longestHead - length, length);
			if (length === 0 && !bytes.toString("latin1", 0, 15).startsWith("vedette-bundle ")) return "no-bundle";
		}
		return parseHead(bytes.subarray(0, length));
	} finally {
		closeSync(fd);
	}
}

/** `bytes`: the start of a file; more than the head may be there. */
export function parseHead(bytes: Buffer): BundleHead | HeadFault {
	if (!bytes.toString("latin1", 0, 15).startsWith("vedette-bundle ")) return "no-bundle";
	if (bytes.toString("latin1", 0, bundleMagic.length) !== bundleMagic) return "newer";
	const endOfManifest = bytes.indexOf(10, bundleMagic.length);
	const endOfSignature = bytes.indexOf(10, endOfManifest + 1);
	if (endOfManifest < 0 || endOfSignature < 0) return "damaged";
	const manifest = manifestOf(bytes.toString("utf8", bundleMagic.length, endOfManifest));
	if (manifest === null) return "damaged";
	const signed = Buffer.from(bytes.subarray(0, endOfManifest + 1));
	const signature = Buffer.from(bytes.toString("latin1", endOfManifest + 1, endOfSignature), "base64");
	return { manifest, hash: hashOfManifest(signed), signed, signature, bytes: endOfSignature + 1 };
}

function manifestOf(text: string): BundleManifest | null {
	try {
		return bundleManifest.parse(JSON.parse(text));
	} catch {
		return null;
	}
}

/** `trusted`: public keys by their ids. What the bundle says of its own key counts for nothing. */
export function checkSignature(
	{ manifest, signed, signature }: Pick<BundleHead, "manifest" | "signed" | "signature">,
	trusted: ReadonlyMap<string, string>,
): (typeof signatureStates)[number] {
	if (signature.length === 0) return "unsigned";
	const known = trusted.get(manifest.key.id);
	const own = publicKeyObject(known ?? manifest.key.publicKey);
	const isRight = own !== null && keyId(known ?? manifest.key.publicKey) === manifest.key.id;
	if (!isRight || !isSignedBy(own, signed, signature)) return "wrong";
	return known === undefined ? "key-not-trusted" : "good";
}

function isSignedBy(key: KeyObject, signed: Buffer, signature: Buffer): boolean {
	try {
		return verify(null, signed, key, signature);
	} catch {
		return false;
	}
}
