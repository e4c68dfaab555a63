"""The emulated gateway itself: QEMU's virt machine, from power on until it is killed. See scripts/gateway-test."""
import base64
import os
import re
import socket
import subprocess
import threading
import time

from parts import Failed, check

# Of a command inside, and of a boot: emulation beside other work is slow, and a machine that starves has not failed.
LIMIT_S = 900
STORE = "/var/lib/tap/record"
RIS = 0x9030414  # PL061: interrupts that the kernel has not acknowledged
# After the kernel has taken an edge, its thread reads the level: a pin that changes before that gives one edge of two.
EDGE_S = 0.03


class Gateway:
    def __init__(self, root, folder, initrd):
        """With a kernel of a root, and what an initrd has."""
        self.folder, self.ringing = folder, threading.Event()
        kernel = next(name for name in sorted(os.listdir(f"{root}/boot")) if name.startswith("vmlinuz"))
        began = time.monotonic()
        ports = {name: f"{folder}/{name}" for name in ("agent", "monitor", "qtest")}
        for path in ports.values():
            if os.path.exists(path):
                os.unlink(path)
        self.process = subprocess.Popen([
            "qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a72", "-smp", "2", "-m", "2048", "-nographic", "-nodefaults",
            "-kernel", f"{root}/boot/{kernel}", "-initrd", initrd, "-append", "rdinit=/sbin/init console=ttyAMA0 quiet",
            "-serial", f"file:{folder}/console", "-drive", f"file={folder}/disk,if=virtio,format=raw,cache=writeback",
            "-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile=",
            "-device", "virtio-serial-pci", "-chardev", f"socket,id=agent,path={ports['agent']},server=on,wait=off",
            "-device", "virtserialport,chardev=agent,name=agent",
            "-chardev", f"socket,id=monitor,path={ports['monitor']},server=on,wait=off", "-mon", "monitor",
            "-qtest", f"unix:{ports['qtest']},server=on,wait=off", "-qtest-log", "/dev/null",
        ])  # fmt: skip
        try:
            self.agent, self.monitor, self.qtest = (self.connect(ports[name]) for name in ("agent", "monitor", "qtest"))
            self.monitor.sendall(b"info qom-tree\n")
            self.chip = re.search(r"/(device\[\d+\]) \(pl061\)", self.until(self.monitor, r"(?s)pl061.*\(qemu\) $"))[1]
            self.levels, self.lock = [0] * 8, threading.Lock()
            self.ring()
            self.until(self.agent, r"ready\n$")
        except BaseException:
            self.kill()
            raise
        print(f"booted in {time.monotonic() - began:.0f} s", flush=True)

    def connect(self, path):
        for _ in range(600):
            port = socket.socket(socket.AF_UNIX)
            try:
                port.connect(path)
                port.settimeout(LIMIT_S)
                return port
            except OSError:
                port.close()
                check(self.process.poll() is None, "QEMU has ended")
                time.sleep(0.1)
        raise Failed(f"QEMU makes no {path}")

    def console(self):
        with open(f"{self.folder}/console", encoding="utf-8", errors="replace") as file:
            return "\n".join(file.read().split("\n")[-15:])

    def until(self, port, end):
        text = ""
        while not re.search(end, text):
            try:
                more = port.recv(65536)
            except TimeoutError:
                raise Failed(f"no answer within {LIMIT_S} s; it had said '{text[-2000:]}', and on the console:\n{self.console()}") from None
            check(more, f"the gateway has ended; on the console:\n{self.console()}")
            text += more.decode(errors="replace")
        return text

    def run(self, command, status=0):
        """What a command inside prints."""
        self.agent.sendall(command.encode() + b"\n")
        out, code = re.fullmatch(r"(?s)(.*)\n==(\d+)\n", self.until(self.agent, r"(^|\n)==\d+\n$")).groups()
        check(status is None or int(code) == status, f"'{command}' ended with {code}: {out}")
        return out

    def write(self, path, text):
        self.run(f"mkdir -p {os.path.dirname(path)} && echo {base64.b64encode(text.encode()).decode()} | base64 -d >{path}")

    def as_person(self, text, status=0):
        """What somebody who types it sees, in the home folder of a user who may use sudo."""
        typed = base64.b64encode(text.encode()).decode()
        return self.run(f'runuser -l person -c "$(echo {typed} | base64 -d)"', status)

    def wait(self, command, what):
        """Until a command inside succeeds."""
        end = time.monotonic() + LIMIT_S
        while True:
            out = self.run(f"{command}; echo =$?")
            if out.endswith("=0"):
                return out[:-2].strip()
            check(time.monotonic() < end, f"not within {LIMIT_S} s: {what}: {out}")
            time.sleep(0.2)

    def wait_recording(self):
        self.wait("systemctl is-active tap", "the service is active")

    def replay(self, store, then):
        """A filter's output of a record; a replay that does not end says what it was doing."""
        return (f"/usr/local/bin/bounded 300 /tmp/hung tap replay {store} --format jsonl 2>/tmp/said | {then}; "
                "[ ! -e /tmp/hung ] || cat /tmp/hung /tmp/said")  # fmt: skip

    def count(self, store, pattern):
        """How many lines of a record match."""
        out = self.run(self.replay(store, f"grep -cE '{pattern}'"), status=None).strip()
        check(out.isdigit(), f"the record of {store} is replayed: {out}")
        return int(out)

    def wait_count(self, store, pattern, at_least, what):
        end = time.monotonic() + LIMIT_S
        while (found := self.count(store, pattern)) < at_least:
            check(time.monotonic() < end, f"not within {LIMIT_S} s: {at_least} {what}, there are {found}")
            time.sleep(0.2)
        return found

    def asked(self, line):
        self.qtest.sendall(line.encode() + b"\n")
        answer = self.until(self.qtest, r"\n$")
        check(answer.startswith("OK"), f"QEMU answers '{answer.strip()}' to '{line}'")
        return answer

    def turn(self, line):
        self.levels[line] ^= 1
        self.asked(f"set_irq_in /machine/unattached/{self.chip} unnamed-gpio-in {line} {self.levels[line]}")

    def edge(self, line):
        """One edge. It is over once the kernel has taken it: a pin that changed twice before would be one edge to the chip."""
        with self.lock:
            self.turn(line)
            end = time.monotonic() + LIMIT_S
            while int(self.asked(f"readl {RIS:#x}").split()[1], 16) >> line & 1:
                check(time.monotonic() < end, "the kernel does not take an edge")
        time.sleep(EDGE_S)

    def drive(self, count):
        """So many edges, on two pins by turns; an even number of each leaves them as they were."""
        for number in range(count):
            self.edge(number % 2)

    def drive_door(self):
        """One pin there and back, until both edges are in the record."""
        self.edge(0)
        self.edge(0)
        self.settle(2)

    def ring(self):
        """The third pin changes ten times a second, until `silence`, whether anybody listens or not."""
        self.ringing = threading.Event()

        def body(over):
            while not over.wait(0.1):
                try:
                    with self.lock:
                        self.turn(2)
                except (OSError, Failed):
                    return

        self.ringer = threading.Thread(target=body, args=(self.ringing,), daemon=True)
        self.ringer.start()

    def silence(self):
        self.ringing.set()
        self.ringer.join()

    def settle(self, count):
        """Until the record has so many edges of the two pins."""
        self.wait_count(STORE, '"line":"PIN[01]","edge":', count, "edges in the record")

    def last_words(self):
        """What it says of its service, where a part has failed."""
        if self.process.poll() is None:
            self.agent.settimeout(60)
            print(self.run("journalctl --no-pager -o short-monotonic -u tap -u systemd-udevd -n 40; ls -l /dev/gpiochip*; tail -n 20 /var/log/apt/term.log; systemctl --no-pager --failed", status=None), flush=True)

    def kill(self):
        """Without a word: what the guest has not flushed is gone."""
        self.ringing.set()
        self.process.kill()
        self.process.wait()
