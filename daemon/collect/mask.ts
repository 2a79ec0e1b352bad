/** sh: `mask` passes lines on without the passwords and tokens that command lines and settings hold. POSIX sed alone. */

const secretName =
	"[A-Za-z0-9_.-]*\\([Pp][Aa][Ss][Ss]\\|[Pp][Ww][Dd]\\|[Ss][Ee][Cc][Rr][Ee][Tt]\\|[Tt][Oo][Kk][Ee][Nn]\\|[Kk][Ee][Yy]\\|[Cc][Rr][Ee][Dd]\\)[A-Za-z0-9_.-]*";
const value = `\\("[^"]*"\\|'"'"'[^'"'"']*'"'"'\\|[^[:space:];|&]*\\)`;

/** Assignments and options by name, user:password of curl and of addresses, `-pPASSWORD` of the database clients, headers. */
export const maskFunction = `mask() { sed \\
-e 's/\\(${secretName}[[:space:]]*[=:]\\)[[:space:]]*${value}/\\1***/g' \\
-e 's/\\(--*${secretName}[[:space:]]\\)[[:space:]]*${value}/\\1***/g' \\
-e 's#\\(://[^/@:[:space:]]*\\):[^@[:space:]]*@#\\1:***@#g' \\
-e 's/\\([[:space:]]-u[[:space:]]*[^:[:space:]]*\\):[^[:space:]]*/\\1:***/g' \\
-e 's/\\(mysql[a-z]*[[:space:]].*-p\\)[^[:space:]][^[:space:]]*/\\1***/' \\
-e 's/\\([Bb]earer\\|[Bb]asic\\)[[:space:]][[:space:]]*[A-Za-z0-9_.=+/-]*/\\1 ***/g'; }`;
