"""Python's http.server, speaking HTTP/1.1, with the routes of `peer serve`."""
import http.server
import time


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/slow":
            time.sleep(3)
        if self.path == "/empty":
            self.send_response(204)
            self.end_headers()
            return
        self.send_response(200)
        if self.path == "/chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for _ in range(3):
                self.wfile.write(b"e\r\nhello, client\n\r\n")
            self.wfile.write(b"0\r\n\r\n")
            return
        self.send_header("Content-Length", "14")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(b"hello, client\n")

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
