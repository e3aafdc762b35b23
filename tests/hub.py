"""A server on this machine that plays the Hugging Face hub, and misbehaves as it is told to."""

import hashlib
import os
import socket
import struct
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from huggingface_hub import close_session, constants

VARIABLES = (
    "FATHOM_OFFLINE",
    "FATHOM_COMMERCIAL_ONLY",
    "HF_HUB_OFFLINE",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN",
    "HF_TOKEN",
    "TORCH_HOME",
    "TRANSFORMERS_OFFLINE",
)


class Hub:
    """`files` by their paths. The hub's own answer is a redirection to another host, which has the bytes.

    `script` holds what is done instead of serving the bytes, one for each time that they are asked for.
    """

    def __init__(self):
        self.files = {}
        self.script = []
        self.requests = []  # (method, path, headers)

        class Handler(BaseHTTPRequestHandler):
            hub = self
            protocol_version = "HTTP/1.1"

            def do_HEAD(self):
                self.answer()

            def do_GET(self):
                self.answer()

            def answer(self):
                self.hub.requests.append((self.command, self.path, dict(self.headers)))
                path = self.path.lstrip("/").removeprefix("bytes/")
                if path not in self.hub.files:
                    return say(self, 404)
                data = self.hub.files[path]
                if self.hub.redirects(self.path):
                    linked = {"X-Linked-Etag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Linked-Size": len(data)}
                    return say(self, 302, Location=f"{self.hub.elsewhere}/bytes/{path}", ETag='"commit"', **linked)
                do = self.hub.script.pop(0) if self.hub.script else serve()
                return do(self, data, int(self.headers.get("Range", "bytes=0-")[6:].rstrip("-")))

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.elsewhere = f"http://localhost:{self.server.server_port}"

    @property
    def ranges(self):
        """The Range of every request for bytes."""
        return [h.get("Range") for method, path, h in self.requests if method == "GET" and not self.redirects(path)]

    @staticmethod
    def redirects(path):
        return "/resolve/" in path and not path.startswith("/bytes/")


@contextmanager
def playing_hub(folder, monkeypatch):
    """A hub, an environment in which it is the only one, and caches and settings in `folder`."""
    hub = Hub()
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    for variable in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "FATHOM_CACHE", "HF_HUB_CACHE"):
        monkeypatch.setenv(variable, str(folder / variable))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(folder / "HF_HUB_CACHE"))  # read when it was imported
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    close_session()  # the client that huggingface_hub keeps knows the proxies of before
    thread = threading.Thread(target=hub.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        hub.server.shutdown()
        hub.server.server_close()
        thread.join()
        close_session()


def say(handler, status, **headers):
    handler.send_response(status)
    for name, value in {"Content-Length": 0, **headers}.items():
        handler.send_header(name.replace("_", "-"), str(value))
    handler.end_headers()


def serve(stop=None, halfway=lambda: None, ranges=True, reset=False, change=lambda body: body, announce=True):
    """What a server does with a request for bytes.

    Args:
        stop: after how many bytes it breaks off.
        halfway: called between the first half and the second.
        ranges: whether it knows what Range means.
        reset: whether it breaks off without a farewell.
        change: what becomes of the bytes on their way.
        announce: whether it says how many bytes there are.
    """

    def do(handler, data, start):
        start = start if ranges else 0
        if start >= len(data):
            return say(handler, 416)
        body = change(data[start:])
        length = {"Content-Length": len(body)} if announce else {"Connection": "close"}
        handler.send_response(206 if start else 200)
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        for name, value in length.items():
            handler.send_header(name, str(value))
        handler.end_headers()
        if handler.command == "HEAD":
            return
        body = body[:stop]
        half = len(body) // 2
        handler.wfile.write(body[:half])
        handler.wfile.flush()
        halfway()
        handler.wfile.write(body[half:])
        if reset:  # closed at once, without a farewell: the other side gets an error instead of an end
            time.sleep(0.1)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(handler.connection.detach())
        if stop is not None or not announce:
            handler.close_connection = True

    return do


def refuse(status, **headers):
    return lambda handler, data, start: say(handler, status, **headers)
