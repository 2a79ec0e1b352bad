/** Which kernel packages count: only the one that runs. What is installed beside it harms nobody until it is booted. Pure. */
import type { DataOf } from "../../evidence/record.ts";

type Package = DataOf<"packages">["packages"][number];
type Kernel = NonNullable<DataOf<"system">["kernel"]>;
type Manager = DataOf<"packages">["manager"];

/** The source package of a kernel, without the signing that Debian and Ubuntu do in a package of its own; else null. */
export function kernelSource(one: Package, manager: Manager): string | null {
	// Cheap first: this is asked of every package.
	if (!one.name.startsWith("linux") && !one.name.startsWith("kernel") && one.source?.startsWith("linux") !== true)
		return null;
	const source = one.source ?? one.name;
	if (manager === "dpkg") {
		if (/^linux(-signed)?(-(amd64|arm64|i386|armhf))?$/.test(source)) return "linux";
		// Ubuntu's flavours: linux-aws, linux-hwe-6.8, linux-signed-oem-6.1.
		const flavour = /^linux-(?:signed-|meta-|restricted-modules-|restricted-signatures-)?(.+)$/.exec(source)?.[1];
		const isKernel = /^linux-(image|modules|headers)-/.test(one.name);
		if (flavour === undefined || !isKernel) return null;
		return flavour === "meta" || flavour === "restricted-modules" ? "linux" : `linux-${flavour}`;
	}
	if (manager === "rpm") return rpmKernel.test(one.name) && isRpmKernelSource(source) ? source : null;
	return /^linux-[a-z]+$/.test(one.name) && /^[0-9]+\.[0-9]+/.test(one.version) && source === one.name ? source : null;
}

const rpmKernel =
	/^kernel(-(rt|64k|default|azure|rt-64k))?(-(debug|core|modules|modules-core|modules-extra|base|devel|headers|doc|uki-virt|debug-.+))?$/;

function isRpmKernelSource(source: string): boolean {
	return /^kernel(-|$)/.test(source);
}

export interface RunningKernel {
	/** Is this package (part of) what runs? */
	runs(one: Package): boolean;
	/** Version that was booted, as its package's manager writes it; null: that of the package. */
	readonly version: string | null;
}

/** `uname -r` and `-v` against the names and versions of kernel packages. */
export function runningKernel({ running, build }: Kernel, manager: Manager): RunningKernel {
	if (manager === "dpkg") {
		const image = new Set([`linux-image-${running}`, `linux-image-unsigned-${running}`]);
		return { runs: ({ name }) => image.has(name), version: dpkgVersion(running, build ?? "") };
	}
	if (manager === "rpm") {
		return {
			runs: ({ version, architecture }) => {
				const release = version.replace(/^[0-9]+:/, "");
				const core = running.replace(/\+(rt|64k|debug|rt-64k)$/, "").replace(/-(default|azure|rt)$/, "");
				// SUSE's package has one number more than the kernel says of itself.
				return core === release || core === `${release}.${architecture}` || release.startsWith(`${core}.`);
			},
			version: null,
		};
	}
	const [, version, revision, flavour] = /^(.+)-([0-9]+)-([a-z]+)$/.exec(running) ?? [];
	return {
		runs: (one) => one.name === `linux-${flavour}` && one.version === `${version}-r${revision}`,
		version: null,
	};
}

/**
 * Debian writes the package's version into `uname -v`; of Ubuntu's it has the upload, which ends the number in `uname -r`.
 * A package may have been replaced under the same name since the machine was booted.
 */
function dpkgVersion(running: string, build: string): string | null {
	const debian = /\bDebian ([0-9][0-9A-Za-z.+:~-]*)/.exec(build)?.[1];
	if (debian !== undefined) return debian;
	const upload = /^#([0-9]+)(~[0-9.]+[0-9])?(?:\+[0-9]+)?-Ubuntu\b/.exec(build);
	const number = /^[0-9]+\.[0-9]+\.[0-9]+-[0-9]+/.exec(running)?.[0];
	if (upload === null || number === undefined) return null;
	return `${number}.${upload[1]}${upload[2] ?? ""}`;
}
