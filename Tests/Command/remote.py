"""ADCs behind an address where something else answers, or nothing."""
import contextlib
import socket
import threading
import time

from harness import capture, case, one_line, refused, write

BOARD = """tap-board: 1
name: far
title: An ADC of another machine
provenance: emulated-kernel
adcs:
  - name: adc
    device: tap-no-such-device
    context: "%s"
    how: buffered
    channels: [{name: A, channel: voltage0, unit: V}]
"""


@contextlib.contextmanager
def server(answer):
    """Listens; `answer` gets each connection. Gives the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    held = []

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            held.append(connection)
            with contextlib.suppress(OSError):
                answer(connection)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for connection in held:
            connection.close()


def garbage(connection):
    connection.recv(1)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" + bytes(range(256)) * 16)


def refuses_soon(folder, context, status, words):
    board = write(folder, "far.yaml", BOARD % context)
    began = time.monotonic()
    refused(status, "--channel", "adc.A", "--for", "1s", board=board, words=words)
    took = time.monotonic() - began
    assert took < 8, f"{took} s"


@case
def a_server_that_speaks_garbage_is_reported(folder):
    with server(garbage) as port:
        refuses_soon(folder, f"ip:127.0.0.1:{port}", 74, [f"ip:127.0.0.1:{port}", "is not IIOD", "give the port of iiod"])


@case
def a_server_that_says_nothing_is_given_up(folder):
    with server(lambda connection: None) as port:
        refuses_soon(folder, f"ip:127.0.0.1:{port}", 74, [f"ip:127.0.0.1:{port}", "no answer within 1.0 s"])


@case
def a_server_that_hangs_up_is_reported(folder):
    with server(lambda connection: connection.close()) as port:
        refuses_soon(folder, f"ip:127.0.0.1:{port}", 74, [f"ip:127.0.0.1:{port}"])


@case
def a_server_that_trickles_is_given_up(folder):
    def trickle(connection):
        for _ in range(600):
            connection.sendall(b"0")
            time.sleep(0.05)

    with server(trickle) as port:
        refuses_soon(folder, f"ip:127.0.0.1:{port}", 74, [f"ip:127.0.0.1:{port}"])


@case
def a_port_where_nobody_listens_is_reported(folder):
    with server(garbage) as port:
        pass
    refuses_soon(folder, f"ip:127.0.0.1:{port}", 74, [f"ip:127.0.0.1:{port}", "no connection: ", "check that iiod"])


@case
def a_description_of_devices_captures_nothing(folder):
    path = write(folder, "devices.xml", "<?xml version=\"1.0\"?>\n<nonsense/>\n")
    board = write(folder, "far.yaml", BOARD % f"xml:{path}")
    # libiio has its own say on standard error before.
    last = capture("--channel", "adc.A", board=board, status=74).err.split("\n")[-2]
    one_line(last + "\n", "is not a description of an IIO context", "iio_genxml")
    path = write(folder, "devices.xml", XML % '<scan-element index="0" format="le:u12/16&gt;&gt;4"/>')
    refuses_soon(folder, f"xml:{path}", 69, [f"xml:{path} only describes devices and cannot capture"])


@case
def a_channel_that_cannot_be_scanned_and_a_device_that_is_not_there_are_reported(folder):
    path = write(folder, "devices.xml", XML % "")
    refuses_soon(folder, f"xml:{path}", 69, ["adc.voltage0: the channel is not scannable"])
    path = write(folder, "devices.xml", XML.replace("tap-no-such-device", "other") % "")
    refuses_soon(
        folder, f"xml:{path}", 66, [f"adc: xml:{path} has no device tap-no-such-device; it has: other"])


# With the document type that libiio validates against.
XML = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE context [<!ELEMENT context (device)*><!ELEMENT device (channel)*><!ELEMENT channel (scan-element?)>
<!ELEMENT scan-element EMPTY>
<!ATTLIST context name CDATA #REQUIRED description CDATA #IMPLIED>
<!ATTLIST device id CDATA #REQUIRED name CDATA #IMPLIED>
<!ATTLIST channel id CDATA #REQUIRED type (input|output) #REQUIRED>
<!ATTLIST scan-element index CDATA #REQUIRED format CDATA #REQUIRED>]>
<context name="local" description="a test"><device id="iio:device0" name="tap-no-such-device">\
<channel id="voltage0" type="input">%s</channel></device></context>
"""
