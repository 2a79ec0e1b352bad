/** Paths whose answer says something of how a server is kept. Read-only all of them; nothing here is guessed further. */

export const wellKnownPaths = [
	"/robots.txt",
	"/.well-known/security.txt",
	"/.git/HEAD",
	"/.git/config",
	"/.svn/entries",
	"/.env",
	"/.htpasswd",
	"/.ssh/id_rsa",
	"/.DS_Store",
	"/server-status",
	"/server-info",
	"/nginx_status",
	"/phpinfo.php",
	"/info.php",
	"/phpmyadmin/",
	"/wp-login.php",
	"/manager/html",
	"/actuator/env",
	"/actuator",
	"/metrics",
	"/web.config",
	"/backup.zip",
	"/backup.sql",
	"/cgi-bin/",
] as const;

/** A path no server has: what answers it tells how the others are to be believed. */
export const canaryPath = "/vedette-no-such-page-7f3a91c2";
