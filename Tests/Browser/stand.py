"""A stand-in for the window's server: serves the page's files and a scripted model, and misbehaves on demand."""
import copy
import http.server
import json
import os
import socketserver
import threading
import time
import urllib.parse

PAGE = os.path.join(os.path.dirname(__file__), "../../Sources/TapServe/Window/Page")
TYPES = {"html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
}


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        """A browser that goes away is no error here."""


class Stand:
    """events: 'stream', 'silent' (opened, then nothing), 'buffered' (nothing is flushed), '502', 'html', 'close'.
    polls: 'json', '502', 'html', 'hang'."""

    def __init__(self, state, timeline=None, port=0):
        self.lock = threading.Condition()
        self.state = copy.deepcopy(state)
        self.timeline = timeline or (lambda **question: {"from_ns": str(question["begin"]), "to_ns": str(question["end"]), "lanes": [], "findings": []})
        self.events = "stream"
        self.polls = "json"
        self.is_running = True
        self.is_stopped = False
        self.sequence = 1
        self.began = time.monotonic()
        self.asked = []
        self.questions = []
        self.streams = 0
        self.incident_events = []
        stand = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments):
                pass

            def do_GET(self):
                stand.answer(self)
                # A connection that is kept must not outlive the server.
                if not stand.is_running:
                    self.close_connection = True

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def now_ns(self):
        return int(self.state["start_ns"]) + int((time.monotonic() - self.began) * 1e9)

    def model(self):
        state = {key: value for key, value in self.state.items() if key != "start_ns"}
        return state | {"sequence": str(self.sequence), "now_ns": str(self.now_ns())}

    def change(self, edit):
        """Changes the model, and sends it to whoever listens."""
        with self.lock:
            edit(self.state)
            self.sequence += 1
            self.lock.notify_all()

    def kill(self):
        """As if the process had gone: no connection stays, none is taken."""
        self.is_running = False
        with self.lock:
            self.lock.notify_all()
        self.server.shutdown()
        self.server.server_close()

    def stop(self, is_stopped=True):
        """As SIGSTOP does: connections are taken by the kernel, and nothing is answered."""
        with self.lock:
            self.is_stopped = is_stopped
            self.lock.notify_all()

    def wait(self, seconds):
        """Until something changes; while it is stopped, until it is not."""
        with self.lock:
            self.lock.wait(seconds)
            while self.is_stopped and self.is_running:
                self.lock.wait(0.5)

    def answer(self, request):
        while self.is_stopped and self.is_running:
            self.wait(0.1)
        if not self.is_running:
            request.close_connection = True
            return
        url = urllib.parse.urlsplit(request.path)
        self.asked.append(url.path)
        name = "page.html" if url.path == "/" else url.path[1:]
        if url.path == "/api/state":
            self.answer_state(request)
        elif url.path == "/api/events":
            self.answer_events(request)
        elif url.path == "/api/timeline":
            query = dict(urllib.parse.parse_qsl(url.query))
            self.questions.append(query)
            question = {"begin": int(query["from"]), "end": int(query["to"]), "buckets": int(query["buckets"]),
                        "lanes": query["lanes"].split(",") if "lanes" in query else None}
            self.send_json(request, self.timeline(**question))
        elif url.path.startswith("/api/incidents/"):
            self.send_json(request, {"incident": 1, "events": self.incident_events})
        elif "/" not in name and os.path.exists(os.path.join(PAGE, name)):
            with open(os.path.join(PAGE, name), "rb") as file:
                self.send(request, 200, TYPES[name.rsplit(".", 1)[1]], file.read())
        else:
            self.send_json(request, {"error": f"{url.path} is not served here"}, 404)

    def send(self, request, status, kind, body):
        request.send_response(status)
        for header, value in HEADERS.items():
            request.send_header(header, value)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def send_json(self, request, value, status=200):
        self.send(request, status, "application/json", json.dumps(value).encode())

    def bad(self, request, way):
        if way == "502":
            self.send(request, 502, "text/html", b"<html><h1>502 Bad Gateway</h1></html>")
        else:
            self.send(request, 200, "text/html", b"<html><h1>Welcome to this network: log in</h1></html>")

    def answer_state(self, request):
        if self.polls in ("502", "html"):
            self.bad(request, self.polls)
        elif self.polls == "hang":
            while self.polls == "hang" and self.is_running:
                self.wait(0.2)
        else:
            self.send_json(request, self.model())

    def answer_events(self, request):
        if self.events in ("502", "html"):
            return self.bad(request, self.events)
        request.close_connection = True
        request.send_response(200)
        for header, value in HEADERS.items():
            request.send_header(header, value)
        request.send_header("Content-Type", "text/event-stream")
        request.send_header("Connection", "close")
        request.end_headers()
        request.wfile.flush()
        self.streams += 1
        try:
            self.feed(request)
        except OSError:
            pass
        finally:
            self.streams -= 1

    def feed(self, request):
        sent, beat = None, 0
        while self.is_running and self.events != "close":
            while self.is_stopped and self.is_running:
                self.wait(0.1)
            if self.events in ("silent", "buffered"):
                self.wait(0.1)
                continue
            if sent != self.sequence:
                sent = self.sequence
                request.wfile.write(f"event: state\ndata: {json.dumps(self.model())}\n\n".encode())
            if time.monotonic() - beat >= 1:
                beat = time.monotonic()
                request.wfile.write(f": beat\nevent: beat\ndata: {json.dumps({'sequence': str(self.sequence), 'now_ns': str(self.now_ns())})}\n\n".encode())
            request.wfile.flush()
            self.wait(max(0.01, 1 - (time.monotonic() - beat)))
