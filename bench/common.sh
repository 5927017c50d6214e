# shellcheck shell=sh
# shellcheck disable=SC2034 # what it sets is for the scripts
# Sourced by the benchmarks: builds everything into a temporary directory, starts
# and stops the servers, and cleans up. Sets $tmp, $rawhttp, $peer, $measure.

set -u
here=$(cd "$(dirname "$0")" && pwd)
status=0
servers=

tmp=$(mktemp -d "${TMPDIR:-/tmp}/rawhttp-bench.XXXXXX") || exit 2
chmod 755 "$tmp" # nginx's worker may be another user

clean() {
	trap - EXIT
	for pid in $servers; do
		kill "$pid" 2>/dev/null
	done
	for pid in $servers; do
		wait "$pid" 2>/dev/null
	done
	rm -rf "$tmp"
}
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

die() {
	echo "$(basename "$0"): $*" >&2
	exit 2
}

# have NAME...: whether the peers are there; says which is not.
have() {
	for wanted in "$@"; do
		if ! command -v "$wanted" >/dev/null 2>&1; then
			echo "skipped: no $wanted on this machine" >&2
			return 1
		fi
	done
}

# room MEGABYTES: whether the temporary directory's disk has that much.
room() {
	[ "$(df -Pm "$tmp" | awk 'NR == 2 { print $4 }')" -gt "$1" ]
}

# try COMMAND...: a failure is remembered and the benchmark goes on. The scripts
# exit with 1 when a goal was missed and with 2 when a run was wrong.
try() {
	"$@"
	result=$?
	[ $result -le "$status" ] || status=$result
}

build() {
	rawhttp=$tmp/rawhttp peer=$tmp/peer measure=$tmp/measure
	for target in cmd/rawhttp bench/peer bench/measure; do
		(cd "$here/.." && CGO_ENABLED=0 go build -o "$tmp/" "./$target") || die "cannot build $target"
	done
}

# start COMMAND...: starts a server that prints its port first; sets $port.
start() {
	mkfifo "$tmp/port"
	"$@" >"$tmp/port" 2>>"$tmp/errors" &
	servers="$servers $!"
	port=
	read -r port <"$tmp/port"
	rm -f "$tmp/port"
	[ -n "$port" ] || die "$1 did not start: $(cat "$tmp/errors")"
}

# nginx_conf PORT: the routes of `peer serve`; /slow and /chunked are those of
# the Go server on port $go behind nginx's proxy, so chunked again. With $tls, the
# directives of a certificate, it speaks TLS.
nginx_conf() {
	cat <<EOF
worker_processes 1;
daemon off;
pid $tmp/nginx.pid;
error_log stderr;
events { worker_connections 64; }
http {
	access_log off;
	sendfile on;
	default_type text/plain;
	client_body_temp_path $tmp/n1; proxy_temp_path $tmp/n2; fastcgi_temp_path $tmp/n3;
	uwsgi_temp_path $tmp/n4; scgi_temp_path $tmp/n5;
	server {
		listen 127.0.0.1:$1${tls:+ ssl};
		${tls:-}
		root $tmp/www;
		location = /empty { return 204; }
		location = /slow { proxy_pass http://127.0.0.1:$go; proxy_http_version 1.1; }
		location = /chunked { proxy_pass http://127.0.0.1:$go; proxy_http_version 1.1; }
	}
}
EOF
}

# start_nginx: serves $tmp/www; sets $port. Its port cannot be chosen by the
# system, so one that was free a moment ago is tried, again if it is gone.
start_nginx() {
	mkdir -p "$tmp/www"
	go=${go:-1}
	for attempt in 1 2 3; do
		port=$("$peer" port)
		nginx_conf "$port" >"$tmp/nginx.conf"
		nginx -p "$tmp" -e stderr -c "$tmp/nginx.conf" 2>>"$tmp/errors" &
		pid=$!
		if "$peer" await "127.0.0.1:$port" 2>/dev/null && kill -0 "$pid" 2>/dev/null; then
			servers="$servers $pid"
			return
		fi
		kill "$pid" 2>/dev/null
	done
	die "nginx did not start after $attempt attempts: $(cat "$tmp/errors")"
}

# certify: an authority, $tmp/ca.pem, and a certificate of it for localhost and
# 127.0.0.1; sets $tls for nginx_conf.
certify() {
	printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\n' >"$tmp/san"
	{
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=rawhttp's benchmarks" \
			-keyout "$tmp/ca.key" -out "$tmp/ca.pem" &&
			openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost -keyout "$tmp/key.pem" -out "$tmp/csr.pem" &&
			openssl x509 -req -in "$tmp/csr.pem" -CA "$tmp/ca.pem" -CAkey "$tmp/ca.key" -CAcreateserial -days 2 \
				-extfile "$tmp/san" -out "$tmp/cert.pem"
	} >/dev/null 2>>"$tmp/errors" || die "cannot make a certificate: $(cat "$tmp/errors")"
	tls="ssl_certificate $tmp/cert.pem; ssl_certificate_key $tmp/key.pem;"
}

crlf=$(printf '\r\n.')
crlf=${crlf%.}

# request METHOD PATH [FIELD...]: one request; sets $request.
request() {
	request="$1 $2 HTTP/1.1${crlf}Host: localhost${crlf}"
	shift 2
	for field in "$@"; do
		request="$request$field$crlf"
	done
	request="$request$crlf"
}
