"""A web server made of Python's sockets, which are the system's own."""

import socket
import sys
import threading

PAGES = {"/": "hello from a hand-rolled server\n",
         "/about": "this is /about\n"}


def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8080
    # Bind gives a socket its address, listen lets clients in.
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", port))
    server.listen(128)
    print("listening on 127.0.0.1:%d" % server.getsockname()[1], flush=True)
    while True:
        # Accept waits for a client, and returns a socket for it alone.
        client, address = server.accept()
        # With a thread of its own, no client waits for another one.
        threading.Thread(target=answer, args=(client,), daemon=True).start()


def answer(client):
    with client:  # It is closed at the end of this block.
        request = b""
        while b"\r\n\r\n" not in request:  # An empty line ends the request.
            piece = client.recv(4096)  # It may come in several pieces.
            if not piece:
                return  # The client has gone.
            request += piece
        status, body = page(request.split(b"\r\n")[0].decode("latin-1"))
        content = body.encode("latin-1")
        head = (
            "HTTP/1.1 " + status + "\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Length: " + str(len(content)) + "\r\n"
            "Connection: close\r\n"
            "\r\n"
        )
        client.sendall(head.encode("ascii") + content)


def page(line):
    # The first line has three words: the method, the path and the version.
    words = line.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return "400 Bad Request", "400 Bad Request\n"
    if words[1] not in PAGES:
        return "404 Not Found", "404 Not Found: " + words[1] + "\n"
    return "200 OK", PAGES[words[1]]


try:
    main()
except KeyboardInterrupt:
    pass  # Ctrl-C ends it.
