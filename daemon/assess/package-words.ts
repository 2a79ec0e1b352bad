/** Names of packages as words of a package manager's command line: a host's word for them must not be taken for anything else. */

/**
 * What dpkg, rpm and apk allow, and a shell leaves alone. Neither end may be a hyphen: apt-get removes `name-`, and what begins
 * with one is an option.
 */
export function isPackageName(name: string): boolean {
	return /^[A-Za-z0-9](?:[A-Za-z0-9+._-]{0,199}[A-Za-z0-9+._])?$/.test(name);
}

/**
 * For a shell, of a name that `isPackageName`. Where apt has no package of that name it takes one with `.` or `+` for a regular
 * expression that may fit anywhere in any name, and `name+` for `name` (apt-get(8)); anchored and escaped it fits itself alone.
 */
export function aptWord(name: string): string {
	return /[.+]/.test(name) ? `'^${name.replace(/[.+]/g, "\\$&")}$'` : name;
}
