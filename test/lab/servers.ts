/** The servers of the lab: each real, from a Debian package, on an address of 127.0.0.0/8, careless or careful on request. */
import { execFileSync } from "node:child_process";
import { chownSync, mkdirSync } from "node:fs";
import type { Lab, Server } from "./processes.ts";

interface Certificate {
	readonly key: string;
	readonly cert: string;
}

/** A self-signed certificate; `expired` ends it a year ago. */
export function certificate(lab: Lab, name: string, options: { expired: boolean; bits?: number }): Certificate {
	const key = lab.path(`${name}.key`);
	const cert = lab.path(`${name}.crt`);
	const csr = lab.path(`${name}.csr`);
	const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe" });
	openssl(
		"req",
		"-new",
		"-newkey",
		`rsa:${options.bits ?? 2048}`,
		"-nodes",
		"-keyout",
		key,
		"-out",
		csr,
		"-subj",
		`/CN=${name}`,
	);
	const folder = lab.path(`${name}-ca`, "index.txt").replace(/\/index\.txt$/, "");
	mkdirSync(folder, { recursive: true });
	lab.write(`${name}-ca/index.txt`, "");
	const config = lab.write(
		`${name}-ca/ca.conf`,
		[
			"[ca]\ndefault_ca=lab",
			`[lab]\ndatabase=${folder}/index.txt\nnew_certs_dir=${folder}\ndefault_md=sha256\npolicy=any\nrand_serial=yes`,
			"[any]\ncommonName=supplied",
		].join("\n"),
	);
	const year = new Date().getUTCFullYear();
	const [from, to] = options.expired ? [year - 3, year - 1] : [year - 1, year + 1];
	openssl(
		"ca",
		"-batch",
		"-selfsign",
		"-config",
		config,
		"-in",
		csr,
		"-keyfile",
		key,
		"-out",
		cert,
		"-notext",
		"-startdate",
		`${from}0101000000Z`,
		"-enddate",
		`${to}1231000000Z`,
	);
	return { key, cert };
}

export async function openssh(lab: Lab, address: string, careless: boolean): Promise<Server> {
	const key = lab.path(`ssh-${address}`, "host_ed25519");
	execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
	const rsa = lab.path(`ssh-${address}`, "host_rsa");
	execFileSync("ssh-keygen", ["-q", "-t", "rsa", "-b", careless ? "1024" : "3072", "-N", "", "-f", rsa]);
	mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
	const lines = [
		`ListenAddress ${address}:22`,
		`HostKey ${key}`,
		`HostKey ${rsa}`,
		"PidFile none",
		"UsePAM no",
		"MaxStartups 200",
	];
	if (careless) {
		lines.push("RequiredRSASize 1024");
		lines.push("KexAlgorithms +diffie-hellman-group1-sha1,diffie-hellman-group14-sha1");
		lines.push("Ciphers +aes128-cbc,3des-cbc", "MACs +hmac-md5,hmac-sha1-96");
	} else {
		lines.push("KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256");
		lines.push("Ciphers aes256-gcm@openssh.com,aes128-gcm@openssh.com", "MACs hmac-sha2-256-etm@openssh.com");
		lines.push("HostKeyAlgorithms ssh-ed25519,rsa-sha2-512,rsa-sha2-256");
	}
	const config = lab.write(`ssh-${address}/sshd_config`, `${lines.join("\n")}\n`);
	return lab.start("/usr/sbin/sshd", ["-D", "-e", "-f", config], [{ address, port: 22 }]);
}

export async function nginx(lab: Lab, address: string, careless: boolean): Promise<Server> {
	const tls = certificate(lab, `web-${address}`, { expired: careless });
	const root = lab.path(`web-${address}`, "root", "index.html").replace(/index\.html$/, "");
	lab.write(`web-${address}/root/index.html`, "<!doctype html><title>Branch office</title><p>Hello.");
	if (careless) {
		lab.write(`web-${address}/root/.git/HEAD`, "ref: refs/heads/main\n");
		lab.write(`web-${address}/root/.env`, "DB_PASSWORD=not-a-real-one\n");
		lab.write(`web-${address}/root/files/readme.txt`, "x\n");
	}
	const protocols = careless ? "TLSv1 TLSv1.1 TLSv1.2" : "TLSv1.2 TLSv1.3";
	const ciphers = careless ? "ALL:@SECLEVEL=0" : "ECDHE+AESGCM:ECDHE+CHACHA20";
	const good =
		'add_header Strict-Transport-Security "max-age=63072000" always; add_header X-Frame-Options DENY always; add_header Content-Security-Policy "default-src \'self\'" always; add_header X-Content-Type-Options nosniff always;';
	const plain = careless ? `root ${root}; location /files/ { autoindex on; }` : "return 301 https://$host$request_uri;";
	const config = lab.write(
		`web-${address}/nginx.conf`,
		`daemon off; worker_processes 1; pid ${lab.path(`web-${address}`, "nginx.pid")}; error_log stderr warn; user root;
events { worker_connections 512; }
http {
  access_log off; server_tokens ${careless ? "on" : "off"};
  client_body_temp_path ${lab.path(`web-${address}`, "t1")}; proxy_temp_path ${lab.path(`web-${address}`, "t2")}; fastcgi_temp_path ${lab.path(`web-${address}`, "t3")}; uwsgi_temp_path ${lab.path(`web-${address}`, "t4")}; scgi_temp_path ${lab.path(`web-${address}`, "t5")};
  server { listen ${address}:80; ${plain} }
  server { listen ${address}:443 ssl; root ${root}; ${careless ? "" : good} location / { } ssl_certificate ${tls.cert}; ssl_certificate_key ${tls.key}; ssl_protocols ${protocols}; ssl_ciphers ${ciphers}; }
}
`,
	);
	return lab.start(
		"nginx",
		["-c", config, "-p", lab.folder, "-e", "stderr"],
		[
			{ address, port: 80 },
			{ address, port: 443 },
		],
	);
}

export async function redis(lab: Lab, address: string, careless: boolean): Promise<Server> {
	const guard = careless ? ["--protected-mode", "no"] : ["--requirepass", "correct-horse-battery-staple"];
	const args = ["--bind", address, "--port", "6379", "--save", "", "--appendonly", "no", "--dir", lab.folder, ...guard];
	return lab.start("redis-server", args, [{ address, port: 6379 }]);
}

export async function vsftpd(lab: Lab, address: string, careless: boolean): Promise<Server> {
	const root = lab.path(`ftp-${address}`, "pub", "readme.txt").replace(/\/pub\/readme\.txt$/, "");
	lab.write(`ftp-${address}/pub/readme.txt`, "public\n");
	const empty = lab.path(`ftp-${address}`, "empty", "x").replace(/\/x$/, "");
	mkdirSync(empty, { recursive: true });
	const tls = certificate(lab, `ftp-${address}-tls`, { expired: false });
	const careful = [
		"anonymous_enable=NO",
		"local_enable=YES",
		"ssl_enable=YES",
		"force_local_logins_ssl=YES",
		"force_local_data_ssl=YES",
		"ssl_tlsv1=YES",
		`rsa_cert_file=${tls.cert}`,
		`rsa_private_key_file=${tls.key}`,
		"require_ssl_reuse=NO",
		"ssl_ciphers=HIGH",
	];
	const open = ["anonymous_enable=YES", "no_anon_password=YES", `anon_root=${root}`, "local_enable=NO"];
	const config = lab.write(
		`ftp-${address}/vsftpd.conf`,
		[
			"listen=YES",
			"background=NO",
			`listen_address=${address}`,
			"listen_port=21",
			`secure_chroot_dir=${empty}`,
			"seccomp_sandbox=NO",
			"xferlog_enable=NO",
			"vsftpd_log_file=/dev/null",
			...(careless ? open : careful),
		].join("\n"),
	);
	return lab.start("vsftpd", [config], [{ address, port: 21 }]);
}

export async function postgresql(lab: Lab, address: string, careless: boolean): Promise<Server> {
	const [version = ""] = execFileSync("ls", ["/usr/lib/postgresql"], { encoding: "utf8" }).trim().split("\n");
	const bin = `/usr/lib/postgresql/${version}/bin`;
	const data = lab.path(`pg-${address}`, "data");
	const [uid = 0, gid = 0] = execFileSync("sh", ["-c", "id -u postgres; id -g postgres"], { encoding: "utf8" })
		.trim()
		.split("\n")
		.map(Number);
	chownSync(lab.path(`pg-${address}`, "x").replace(/\/x$/, ""), uid, gid);
	const asPostgres = (...args: string[]) =>
		execFileSync("runuser", ["-u", "postgres", "--", ...args], { stdio: "pipe", cwd: "/" });
	asPostgres(
		`${bin}/initdb`,
		"-D",
		data,
		"-A",
		careless ? "trust" : "scram-sha-256",
		"--pwfile",
		lab.write(`pg-${address}-pw`, "correct-horse\n"),
		"--no-sync",
	);
	const options = ["-D", data, "-h", address, "-p", "5432", "-k", "", "-F"];
	if (careless) execFileSync("sh", ["-c", `echo "host all all ${address}/8 trust" >> ${data}/pg_hba.conf`]);
	else {
		const tls = certificate(lab, `db-${address}`, { expired: false });
		execFileSync("sh", [
			"-c",
			`cp ${tls.key} ${tls.cert} ${data}/ && chown postgres ${data}/*.key ${data}/*.crt && chmod 600 ${data}/*.key`,
		]);
		execFileSync("sh", ["-c", `echo "hostssl all all ${address}/8 scram-sha-256" > ${data}/pg_hba.conf`]);
		options.push(
			"-c",
			"ssl=on",
			"-c",
			`ssl_cert_file=${data}/db-${address}.crt`,
			"-c",
			`ssl_key_file=${data}/db-${address}.key`,
		);
	}
	return lab.start("runuser", ["-u", "postgres", "--", `${bin}/postgres`, ...options], [{ address, port: 5432 }]);
}
