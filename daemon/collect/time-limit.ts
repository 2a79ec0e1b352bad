/**
 * sh: an end for a collector whose command hangs, so that those after it have their turn. Needs nothing but `sleep`: not every
 * host has `timeout`, and what it runs would not have the script's functions.
 */

/** For one collector unless it says otherwise. Seconds. */
export const usualSeconds = 40;
/** What a watcher ends with that had to step in. */
const steppedIn = 9;

/**
 * The function `watch PID SECONDS`, which begins a process that ends, when it has not been ended itself by then, everything
 * the script has begun but PID and itself, so that PID has nothing more to wait for; and PID where that does not help.
 * They are held first, lest one goes on when what it waits for has ended. It holds no file open that others wait on. The
 * letters l, m, p, q and s are its own.
 */
export const watchFunction = `watch() { (
trap 'kill $s; exit 0' TERM; sleep "$2" & s=$!; wait $s; trap '' TERM
m=$(exec sh -c 'echo $PPID')
l=$(ps -A -o pid= -o ppid= | awk -v top=$$ -v me="$m" -v last="$1" '{ up[$1] = $2 } END { for (p in up) {
for (q = p; q != me && q != top && q in up && q > 1; q = up[q]); if (q == top && p != top && p != last) print p } }')
kill -STOP $l; kill $l; kill -CONT $l
sleep 1; kill "$1"; exit ${steppedIn}
) </dev/null >/dev/null 2>&1 & }`;

/** A pipeline that is given so many seconds; `$e` is `end` afterwards when it came to its end in them, else `late`. */
export function withinSeconds(pipeline: string, seconds: number): string {
	return `${pipeline} &\nh=$!; watch $h ${seconds}; w=$!; wait $h; kill $w 2>/dev/null; wait $w; [ $? = ${steppedIn} ] && e=late || e=end`;
}
