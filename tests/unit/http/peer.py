#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The far end of an HTTPS connection, well or badly behaved as the path says. Not ours: Python's ssl.

  peer.py CERTIFICATE KEY     listens on free ports of 127.0.0.1 and prints them on one line: HTTPS, one that never
                              answers a connection, one that talks rubbish; ends with its standard input"""
import json
import os
import socket
import ssl
import sys
import threading

BLOCK = b"x" * 65536
lock = threading.Lock()
counts = {}
held = threading.Event()
connections = 0


def read_request(stream):
    start = stream.readline().decode("latin-1").split()
    if len(start) != 3:
        return None
    headers = {}
    for line in iter(stream.readline, b"\r\n"):
        if not line:
            return None
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", "0")))
    return start[0], start[1], headers, body


def answer(stream, status, body, extra=""):
    stream.write(f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{extra}\r\n"
                 .encode() + body)
    stream.flush()


def stream_forever(stream, head, block):
    stream.write(head)
    while True:
        stream.write(block)


def behave(stream, number, request):
    """False: close the connection."""
    method, path, headers, body = request
    with lock:
        counts[path] = counts.get(path, 0) + 1
    verb = path.split("?")[0].strip("/").split("/")
    if method == "HEAD":
        answer(stream, 404, b"")
        with lock:
            counts["connection of " + path] = number
    elif verb[0] == "echo":
        answer(stream, 200, json.dumps({"method": method, "path": path, "headers": headers, "connection": number,
                                        "body": body.decode("latin-1")}).encode())
    elif verb[0] == "count":
        with lock:
            answer(stream, 200, json.dumps(counts).encode())
    elif verb[0] == "status":
        answer(stream, int(verb[1]), b"{}", "Location: /echo\r\n")
    elif verb[0] == "hold":
        held.wait()
        answer(stream, 200, b'"held"')
    elif verb[0] == "release":
        held.set()
        answer(stream, 200, b'"released"')
    elif verb[0] == "silent":
        stream.read(1)          # until they go
        return False
    elif verb[0] == "drop":
        return False
    elif verb[0] == "exactly":
        answer(stream, 200, b"y" * int(verb[1]))
    elif verb[0] == "giant":
        stream_forever(stream, b"HTTP/1.1 200 OK\r\n\r\n", BLOCK)
    elif verb[0] == "headers":
        stream_forever(stream, b"HTTP/1.1 200 OK\r\n", b"X-Y: " + b"z" * 1000 + b"\r\n")
    elif verb[0] == "truncated":
        stream.write(b"HTTP/1.1 201 OK\r\nContent-Length: 100\r\n\r\n{}")
        stream.flush()
        return False
    elif verb[0] == "rubbish":
        stream.write(b"\x00\x01\x02 not HTTP\r\n\r\n")
        stream.flush()
        return False
    return True


def serve(plain, context):
    global connections
    with lock:
        connections += 1
        number = connections
    try:
        with context.wrap_socket(plain, server_side=True) as secure, secure.makefile("rwb") as stream:
            while (request := read_request(stream)) is not None:
                if not behave(stream, number, request):
                    return
    except (OSError, ssl.SSLError, ValueError):
        pass


def talk_rubbish(plain, _):
    plain.sendall(b"220 this is not TLS\r\n")
    plain.close()


def never_answer(plain, _):
    plain.recv(65536)
    threading.Event().wait()


def listen(handler, context=None):
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            plain, _ = listener.accept()
            threading.Thread(target=handler, args=(plain, context), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    print(listen(serve, context), listen(never_answer), listen(talk_rubbish), flush=True)
    sys.stdin.read()
    os._exit(0)


main()
