"""tap claims hear INTERFACE: a mirror port, heard by a process that cannot send. A veth pair in a namespace of its own."""
import contextlib
import ctypes
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time

import packets
from harness import TAP, TIMEOUT_S, Skip, case, equal, one_line, tap, wait_until

CLONE_NEWNET = 0x40000000
SENDING, HEARD = "plant", "mirror"


def ip(*words):
    run = subprocess.run(["ip", *words], capture_output=True, text=True, timeout=TIMEOUT_S)
    if run.returncode:
        raise Skip(f"no pair of interfaces can be made here: ip {' '.join(words)}: {run.stderr.strip()}")


def on_its_own(body):
    """Runs it on a thread in a network namespace of its own, which ends with it; programs it starts are in it too."""
    problem = []

    def run():
        try:
            if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
                raise Skip(f"no network namespace can be made here: {os.strerror(ctypes.get_errno())}")
            body()
        except BaseException as error:  # is raised again where the case is
            problem.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if problem:
        raise problem[0]


def on_a_mirror_port(body):
    def run():
        # Nobody on either end says anything unasked.
        with contextlib.suppress(FileNotFoundError), open("/proc/sys/net/ipv6/conf/default/disable_ipv6", "w") as file:
            file.write("1")
        ip("link", "add", SENDING, "type", "veth", "peer", "name", HEARD)
        for name in (SENDING, HEARD):
            ip("link", "set", name, "up", "arp", "off", "multicast", "off")
        body()

    on_its_own(run)


def sent(name):
    """Packets that an interface has sent."""
    with open("/proc/thread-self/net/dev") as file:
        line = next(line for line in file if line.strip().startswith(name + ":"))
    return int(line.split(":")[1].split()[9])


@contextlib.contextmanager
def hearing(*options, command="hear"):
    """tap at the mirror port, from when it hears."""
    run = subprocess.Popen(
        [TAP, "claims", command, HEARD, *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)
    first = run.stderr.readline()
    try:
        if "seccomp filters" in first:
            raise Skip(first.strip())
        equal(first, f"tap: {HEARD}: only listens: the kernel kills this process if it sends\n")
        yield run
    finally:
        run.kill()
        run.communicate()


def ended(run, asked=False):
    """Its lines and its summary, once it was asked to end."""
    if not asked:
        run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=TIMEOUT_S)
    equal(run.returncode, 0)
    return [json.loads(line) for line in out.splitlines()], err


def replay(frames, every=50):
    """Sends frames, at most so many in a millisecond."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as port:
        port.bind((SENDING, 0))
        for index, frame in enumerate(frames):
            port.send(frame)
            if index % every == every - 1:
                time.sleep(0.001)


def exchanges(count):
    connection = packets.Connection()
    for number in range(count):
        connection.exchange(number & 0xFFFF, 1, bytes([3, 0, 100, 0, 1]), bytes([3, 2]) + bytes([number >> 8 & 255, number & 255]))
    return [frame for _, frame in connection.packets]


def heard_packets(summary):
    return int(re.search(rf"^heard +{HEARD}, (\d+) packets$", summary, re.M).group(1))


@case
def messages_on_an_interface_are_those_of_a_file_and_nothing_is_sent(folder):
    talk = packets.random_talk(11, 200)
    path = os.path.join(folder, "talk.pcap")
    with open(path, "wb") as file:
        file.write(packets.pcap(talk))
    wanted = [json.loads(line) for line in tap("claims", "hear", path, "--format", "jsonl").out.splitlines()]

    def body():
        with hearing("--format", "jsonl") as run:
            before, began = time.clock_gettime_ns(time.CLOCK_MONOTONIC), time.time_ns()
            replay(frame for _, frame in talk)
            after = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
            found, summary = ended(run)
            equal(heard_packets(summary), len(talk))
            equal(sent(HEARD), 0)
        times = [message["monotonic_ns"] for message in found]
        equal(times, sorted(times))
        for message in found:
            assert before <= message["monotonic_ns"] <= after, (before, message, after)
            # The wall clock and the monotonic one went on alike.
            apart = message.pop("utc_ns") - began - (message.pop("monotonic_ns") - before)
            assert abs(apart) < 10**7, apart
            assert 0 < message.pop("uncertainty_ns") < 10**7
        for message in wanted + found:
            message.pop("utc_ns", None)
            message.pop("asked_utc_ns", None)
        equal(found, wanted)

    on_a_mirror_port(body)


@case
def packets_heard_and_lost_are_those_that_were_sent():
    frames = exchanges(4_000)

    def body():
        with hearing("--format", "jsonl", "--ring", "1") as run:
            replay(frames)
            # For a while it does not get to read: its ring runs full.
            run.send_signal(signal.SIGSTOP)
            stopped = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
            replay(frames)
            went_on = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
            run.send_signal(signal.SIGCONT)
            found, summary = ended(run)
            losses = [line for line in found if line["kind"] == "lost"]
            lost = sum(line["packets"] for line in losses)
            assert lost > 1_000, summary
            equal({line["place"] for line in losses}, {"ring"})
            equal(heard_packets(summary) + lost, sent(SENDING))
            equal(sent(SENDING), 2 * len(frames))
            equal(sent(HEARD), 0)
            assert f"! {lost} packets were lost by the machine that captured\n" in summary, summary
            # The ring ran full while it did not read, and that is within what is not known.
            assert losses[0]["from_monotonic_ns"] <= stopped < went_on <= losses[-1]["monotonic_ns"], (losses, stopped, went_on)

    on_a_mirror_port(body)


@case
def holes_that_lost_packets_leave_in_the_streams_are_counted_beside_them():
    """What the kernel dropped is one run of the packets that were sent, of which each direction has a hole."""
    frames = exchanges(4_100)
    sent_first, rest = frames[:8_000], frames[8_000:]
    # Behind Ethernet, IP and TCP.
    payload = [len(frame) - 54 for frame in frames]

    def body():
        with hearing("--format", "jsonl", "--ring", "1") as run:
            run.send_signal(signal.SIGSTOP)
            replay(sent_first)
            run.send_signal(signal.SIGCONT)
            # Until what was not dropped is read: then there is room again.
            messages = lost = 0
            while messages + lost < len(sent_first):
                line = json.loads(run.stdout.readline())
                if line["kind"] == "lost":
                    lost += line["packets"]
                else:
                    messages += 1
            replay(rest)
            found, summary = ended(run)
        assert lost > 1_000, summary
        equal([line for line in found if line["kind"] == "lost"], [])
        equal(heard_packets(summary), len(frames) - lost)
        dropped = range(len(sent_first) - lost, len(sent_first))
        doubts = [line for line in summary.splitlines() if line.startswith("!")]
        # Requests are even. The one before the run was heard, and its answer was not.
        wanted = [f"! {lost} packets were lost by the machine that captured",
                  f"! 2 holes in the streams, {sum(payload[number] for number in dropped)} bytes that were not heard"]
        if dropped[0] % 2:
            wanted.append("! 1 requests whose answer was not heard")
        equal(doubts, wanted)
        equal(len(found), len(rest))

    on_a_mirror_port(body)


@case
def what_waits_in_the_ring_is_heard_before_the_end():
    frames = exchanges(5_000)

    def body():
        with hearing("--format", "jsonl") as run:
            run.send_signal(signal.SIGSTOP)
            replay(frames, every=500)
            # Asked to end as soon as it goes on.
            run.send_signal(signal.SIGINT)
            run.send_signal(signal.SIGCONT)
            found, summary = ended(run, asked=True)
        equal((heard_packets(summary), len(found)), (len(frames), len(frames)))
        assert "losses: none that can be seen" in summary, summary

    on_a_mirror_port(body)


@case
def tags_of_vlans_are_heard_on_an_interface():
    tagged = packets.Connection(vlan=12)
    tagged.exchange(1, 1, bytes([3, 0, 1, 0, 1]), bytes([3, 2, 0, 5]))

    def body():
        with hearing("--json", command="check") as run:
            replay(frame for _, frame in tagged.packets)
            found, _ = ended(run)
        equal([(f["packets"], f["requests"], f["responses"], f["dropped"], f["unreadable"]) for f in found], [(2, 1, 1, 0, 0)])

    on_a_mirror_port(body)


@case
def hearing_ends_after_its_time_and_where_the_interface_goes():
    def body():
        began = time.monotonic()
        run = tap("claims", "hear", HEARD, "--for", "200ms")
        assert 0.2 <= time.monotonic() - began < 5
        equal(run.out, "")
        assert "losses: none that can be seen" in run.err, run.err
        with hearing() as run:
            replay(exchanges(1))
            ip("link", "set", HEARD, "down")
            out, err = run.communicate(timeout=TIMEOUT_S)
        equal((run.returncode, out.count("\n")), (74, 2))
        one_line(err.splitlines(True)[-1], HEARD, "is heard no longer: Network is down", "start again")
        one_line(tap("claims", "hear", HEARD, status=74).err, HEARD, "is down; 'ip link set mirror up'")

    on_a_mirror_port(body)


@case
def what_cannot_be_heard_is_refused_in_a_line():
    one_line(tap("claims", "hear", "nosuch9", status=66).err, "nosuch9: no such file, and no such interface")
    one_line(tap("claims", "check", "nosuch9", status=66).err, "nosuch9: no such file, and no such interface")
    assert "--ring takes 1 to 1024" in tap("claims", "hear", "lo", "--ring", "0", status=64).err
    assert "--for and --ring are of an interface" in tap("claims", "hear", "./lo", "--for", "1s", status=64).err
    if os.geteuid() == 0:
        def without():
            libc = ctypes.CDLL(None, use_errno=True)
            # PR_CAPBSET_DROP of CAP_NET_RAW: what is started from then on has it no more.
            assert libc.prctl(24, 13, 0, 0, 0) == 0
        result = tap("claims", "hear", "lo", status=77, preexec_fn=without)
    else:
        result = tap("claims", "hear", "lo", status=77)
    one_line(result.err, "lo: may not be heard", "CAP_NET_RAW")
