"""A recorder beside which two dead witnesses and one that lies are asked, against the same alone: what is lost, and memory in kB after a
quarter, after half, and at most. Run by scripts/measure-dead-witnesses."""
import http.server
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from harness import TAP
from witnesses import Signer

SECONDS, ROUNDS = int(sys.argv[1]), int(sys.argv[2])
LIES = itertools.cycle([
    (200, b"x" * 5_000_000), (200, b""), (200, b"\xff\xfe\n"), (302, b""), (422, b""), (409, b"18446744073709551615\n"), (500, b"no")])


class Liar(http.server.BaseHTTPRequestHandler):
    asked = 0

    def do_POST(self):
        Liar.asked += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        status, body = next(LIES)
        self.send_response(status)
        self.send_header("Content-Type", "text/x.tlog.size" if status == 409 else "text/plain")
        self.send_header("Location", self.path)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            pass

    def log_message(self, *_):
        pass


def memory_kb(process, name):
    with open(f"/proc/{process.pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name))


def recorded(folder, rules):
    """One run: what was recorded and lost, and the recorder's memory in kB over time."""
    store = tempfile.mkdtemp(dir=folder) + "/store"
    subprocess.run([TAP, "record", "init", store, "--origin", "bench/simulated", "--provenance", "simulated"], check=True,
                   capture_output=True)
    recorder = subprocess.Popen([TAP, "record", "run", "--store", store, "--sim", "scenarios/pump-station.yaml", "--for", f"{SECONDS}s"],
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    cosigner = rules and subprocess.Popen([TAP, "record", "cosign", store, "--policy", rules, "--every", "1s", "--timeout", "1s"],
                                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    sizes, after, begun = [], [], time.monotonic()
    while recorder.poll() is None:
        time.sleep(1)
        try:
            sizes.append(memory_kb(recorder, "VmRSS"))
            if cosigner:
                after.append(memory_kb(cosigner, "VmRSS"))
        except (OSError, StopIteration):
            pass
    took = time.monotonic() - begun
    if cosigner:
        cosigner.send_signal(signal.SIGINT)
        cosigner.wait(timeout=30)
    status = json.loads(subprocess.run([TAP, "record", "status", store, "--json"], check=True, capture_output=True).stdout)
    text = subprocess.run([TAP, "replay", store, "--speed", "max", "--format", "jsonl", "--quiet"], check=True, capture_output=True).stdout
    losses = text.count(b'"gap"')
    session = status["sessions"][-1]
    return {"exit": recorder.returncode, "took_s": round(took, 1), "edges": session["edges"], "scans": session["scans"],
            "notes_lost": session["notes_lost"], "gaps": losses,
            "recorder_kb": [sizes[len(sizes) // 4], sizes[len(sizes) // 2], max(sizes)],
            "cosigner_kb": after and [after[len(after) // 4], after[len(after) // 2], max(after)]}


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Liar)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    silent = socket.create_server(("127.0.0.1", 0), backlog=64)  # takes a connection and never answers
    closed = socket.create_server(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    with tempfile.TemporaryDirectory() as folder:
        rules = f"{folder}/policy.txt"
        names = [("silent", silent.getsockname()[1]), ("closed", port), ("liar", server.server_address[1])]
        with open(rules, "w") as file:
            file.writelines(f"witness {name} {Signer('bench/' + name, 4).vkey} http://127.0.0.1:{at}\n" for name, at in names)
            file.write("group all all silent closed liar\nquorum all\n")
        for _ in range(ROUNDS):
            for what, given in [("alone", None), ("beside", rules)]:
                print(json.dumps({"run": what} | recorded(folder, given)), flush=True)
    print(f"the liar was asked {Liar.asked} times")


main()
