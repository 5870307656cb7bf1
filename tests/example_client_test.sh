#!/usr/bin/env bash
# The client's machine as somebody else uses it: the example client, built on the installed library, against the
# example server, against Python's http.server in several moods, and against nginx where there is one.
#
#   example_client_test.sh PROGRAM SOURCE
# shellcheck source-path=SCRIPTDIR source=cli_steps.sh
source "$(dirname "$0")/cli_steps.sh"

build=$(cd "$(dirname "$program")/.." && pwd)
compiler=$(sed -n 's/^CMAKE_C_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
gives 0 cmake --install "$build" --prefix "$scratch/installed" --component library
PKG_CONFIG_PATH=$(dirname "$(find "$scratch/installed" -name expect100-origin.pc)")
export PKG_CONFIG_PATH
read -ra found <<<"$(pkg-config --cflags --libs expect100-origin)"
examples=$scratch/installed/share/doc/expect100/examples
for example in client/client origin-server/origin_server; do
  gives 0 "$compiler" -std=gnu11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -o "${example##*/}" \
    "$examples/$example.c" "${found[@]}"
done

servers=()
trap 'kill "${servers[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$scratch"' EXIT
# serves NAME COMMAND...: starts a server that says where it listens; $port is set.
serves() {
  local name=$1
  shift
  timeout -k 5 120 "$@" >"$name.out" 2>"$name.err" &
  servers+=($!)
  until_there grep -q '^listening on ' "$name.out"
  port=$(sed -n 's/^listening on 127.0.0.1://p' "$name.out")
}
# asks CODE METHOD TARGET [FILE [TIMES]]
asks() {
  local wanted=$1
  shift
  gives "$wanted" ./client 127.0.0.1 "$port" "$@"
}

head -c 100000 /dev/zero >file
head -c $((4 << 20)) /dev/zero >large

# ---- the example server -----------------------------------------------------------------------------------
serves origin ./origin_server 0
asks 0 PUT /upload file 3
[[ $(grep -c '^interim 100$' .out) == 3 && $(grep -c '^response 200$' .out) == 3 ]] || wrong 'three times 100 and 200'
[[ $(grep -c '^AWAITED: HEAD_ASKS' origin.out) == 3 ]] || wrong 'the server was asked three times'
[[ $(grep -c '^AWAITED: CLIENT_' origin.out) == 1 ]] || wrong 'this was not one connection'
[[ $(grep -c '^100000 octets$' origin.out) == 3 ]] || wrong 'the content did not come whole'
asks 0 GET /

# ---- Python's http.server ---------------------------------------------------------------------------------
cat >server.py <<'END'
import http.server
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_expect_100(self):
        if self.path == "/unmet":
            self.answer(417, "no expectations")
            self.close_connection = False
            return False
        return True if self.path == "/silent" else super().handle_expect_100()

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_PUT(self):
        if self.path == "/hint":
            self.send_response_only(103)
            self.end_headers()
        length = int(self.headers["Content-Length"])
        self.answer(201, "%d octets" % len(self.rfile.read(length)))

    def do_GET(self):
        if self.path == "/until-close":
            self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\nhello")
            self.close_connection = True
        else:
            self.answer(200, "hello")

    def log_message(self, format, *args):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print("listening on 127.0.0.1:%d" % server.server_port, flush=True)
server.serve_forever()
END
serves python python3 server.py
asks 0 PUT /upload file 2
[[ $(grep -c '^interim 100$' .out) == 2 && $(grep -c '^response 201$' .out) == 2 ]] || wrong 'twice 100 and 201'
complains '100000 octets'
asks 0 PUT /upload large
complains '4194304 octets'
asks 0 PUT /hint file
prints 'interim 103'
asks 0 PUT /silent file
[[ $(cat .out) == 'response 201' ]] || wrong 'no 100 came, and the content was sent all the same'
complains '100000 octets'
asks 0 PUT /unmet file
[[ $(cat .out) == $'the expectation is not met\nresponse 201' ]] || wrong '417, and then the request without'
complains '100000 octets'
asks 0 GET /until-close
prints 'response 200'
complains 'hello'

# ---- nginx, where there is one ----------------------------------------------------------------------------
if command -v nginx >/dev/null; then
  free=$(free_ports 1)
  mkdir www
  cat >nginx.conf <<END
daemon off; pid $scratch/nginx.pid; error_log $scratch/nginx.log;
events {}
http {
  access_log off; client_body_temp_path $scratch/body; proxy_temp_path $scratch/proxy;
  fastcgi_temp_path $scratch/fastcgi; uwsgi_temp_path $scratch/uwsgi; scgi_temp_path $scratch/scgi;
  server { listen 127.0.0.1:$free; client_max_body_size 1m;
    location / { root $scratch/www; dav_methods PUT; create_full_put_path on; } }
}
END
  timeout -k 5 60 nginx -e "$scratch/nginx.log" -c "$scratch/nginx.conf" &
  servers+=($!)
  port=$free
  until_there curl -s --noproxy '*' "http://127.0.0.1:$port/"
  asks 1 PUT /upload large
  prints 'response 413'
  asks 1 GET /nothing
  prints 'response 404'
fi

# ---- nobody, and nothing sensible ---------------------------------------------------------------------------
port=1
asks 2 GET /
complains 'cannot reach'
gives 2 ./client
complains 'usage:'
