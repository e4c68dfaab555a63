"""Witnesses and logs as Python has them from C2SP tlog-witness, tlog-cosignature and RFC 6962 alone; nothing of tap."""
import base64
import contextlib
import hashlib
import http.client
import http.server
import json
import os
import signal
import subprocess
import threading
import time

from harness import TAP, TIMEOUT_S, equal, tap

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
except ImportError:  # cases that need it are skipped
    pass


def coded(data):
    return base64.b64encode(data).decode()


def identity(name, kind, public):
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


class Signer:
    """A key of a log (kind 1) or of a witness (kind 4)."""

    def __init__(self, name, kind=1):
        self.name, self.kind, self.key = name, kind, Ed25519PrivateKey.generate()
        self.public = self.key.public_key().public_bytes_raw()
        self.id = identity(name, kind, self.public)
        self.vkey = f"{name}+{self.id.hex()}+{coded(bytes([kind]) + self.public)}"

    def line(self, text, second=None):
        signature = self.key.sign(text.encode()) if self.kind == 1 else (
            second.to_bytes(8, "big") + self.key.sign(f"cosignature/v1\ntime {second}\n{text}".encode()))
        return f"— {self.name} {coded(self.id + signature)}\n"


def cosigned(vkey, text, lines):
    """The second in which a witness cosigned a text, by each line that names its key; fails where one does not verify."""
    name, hexadecimal, data = vkey.split("+", 2)
    public = base64.b64decode(data)
    equal(public[0], 4)
    seconds = []
    for line in lines.splitlines():
        dash, of, value = line.split(" ")
        value = base64.b64decode(value, validate=True)
        if (dash, of, value[:4].hex()) != ("—", name, hexadecimal):
            continue
        equal(len(value), 4 + 8 + 64)
        second = int.from_bytes(value[4:12], "big")
        Ed25519PublicKey.from_public_bytes(public[1:]).verify(value[12:], f"cosignature/v1\ntime {second}\n{text}".encode())
        seconds.append(second)
    return seconds


def hashed(leaves):
    """MTH of RFC 6962, 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + hashed(leaves[:half]) + hashed(leaves[half:])).digest()


def consistency(old, leaves, is_whole=True):
    """SUBPROOF of RFC 6962, 2.1.2."""
    if old == len(leaves):
        return [] if is_whole else [hashed(leaves)]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if old <= half:
        return consistency(old, leaves[:half], is_whole) + [hashed(leaves[half:])]
    return consistency(old - half, leaves[half:], False) + [hashed(leaves[:half])]


class Log:
    def __init__(self, origin, count=0):
        self.signer, self.leaves = Signer(origin), []
        self.origin = origin
        self.grow(count)

    def grow(self, count, word="entry"):
        for _ in range(count):
            self.leaves.append(hashlib.sha256(b"\0" + f"{word} {len(self.leaves)}".encode()).digest())
        return self

    def text(self, size=None, more=""):
        size = len(self.leaves) if size is None else size
        return f"{self.origin}\n{size}\n{coded(hashed(self.leaves[:size]))}\n{more}"

    def request(self, old, size=None, proof=None, text=None, lines=None):
        text = text or self.text(size)
        size = len(self.leaves) if size is None else size
        if proof is None:
            proof = consistency(old, self.leaves[:size]) if 0 < old <= size else []
        lines = self.signer.line(text) if lines is None else lines
        return f"old {old}\n" + "".join(coded(digest) + "\n" for digest in proof) + f"\n{text}\n{lines}"


class Server:
    """A 'tap witness serve'."""

    def __init__(self, state, *logs, more=()):
        command = [TAP, "witness", "serve", state, "--listen", "127.0.0.1:0", *more]
        self.process = subprocess.Popen(
            command + [word for log in logs for word in ("--log", log)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:"), self.process.communicate(timeout=TIMEOUT_S)
        self.port = int(self.url.rsplit(":", 1)[1])

    def ask(self, body, method="POST", path="/add-checkpoint", connection=None):
        """(status, type, text)"""
        own = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        own.request(method, path, body.encode() if isinstance(body, str) else body)
        answer = own.getresponse()
        found = answer.status, answer.getheader("Content-Type"), answer.read().decode()
        if not connection:
            own.close()
        return found

    def kill(self):
        self.process.kill()
        self.process.wait(timeout=TIMEOUT_S)
        self.process.stdout.close()
        self.process.stderr.close()

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=TIMEOUT_S)
        equal(self.process.returncode, 0)
        return err


@contextlib.contextmanager
def serving(state, *logs, more=()):
    server = Server(state, *logs, more=more)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


class Liar(http.server.BaseHTTPRequestHandler):
    """Answers as its server's `lie` says."""
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        body = body if self.server.raw else body.decode()
        self.server.asked.append((self.path, body))
        lie = self.server.lie
        if callable(lie):
            lie = lie(body)
        if lie == "hang":
            self.server.ends.wait(TIMEOUT_S)
            self.close_connection = True
            return
        status, headers, answer = lie
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(answer)

    do_GET = do_POST

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def lying():
    """A server whose `lie` is what it answers; `raw` where what it is asked is no text."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Liar)
    server.raw, server.asked, server.ends, server.url = False, [], threading.Event(), f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ends.set()
        server.shutdown()
        server.server_close()
