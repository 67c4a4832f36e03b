# mypy: ignore-errors
"""Runs in a container, by another Python: tries every way out that anybody thought of, and prints what came of each.

A probe that comes back is a way out: it connected, sent a datagram, read the victim's word, or changed the network.
"""

import ctypes
import fcntl
import json
import os
import socket
import struct
import sys

GIVEN = json.loads(sys.argv[1])
VICTIM, DOOR = GIVEN["victim"], ("127.0.0.1", 19128)
ADDRESSES, NEIGHBOUR, ALLOWED = GIVEN["addresses"], GIVEN["neighbour"], GIVEN["allowed"]


def tcp(host, port, family=socket.AF_INET):
    def probe():
        with socket.socket(family, socket.SOCK_STREAM) as made:
            made.settimeout(3)
            made.connect((host, port))
        return "connected"

    return probe


def udp(host, port, family=socket.AF_INET):
    def probe():
        with socket.socket(family, socket.SOCK_DGRAM) as made:
            made.settimeout(1)
            made.sendto(b"\x12\x34\x01\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1", (host, port))
            made.sendto(b"again", (host, port))
        return "sent"

    return probe


def answered(host, port):
    def probe():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
            made.settimeout(2)
            made.connect((host, port))
            made.send(b"\x12\x34\x01\0\0\1\0\0\0\0\0\0\7example\3com\0\0\1\0\1")
            return made.recv(512)

    return probe


def raw(family, kind, protocol, host):
    def probe():
        with socket.socket(family, kind, protocol) as made:
            made.settimeout(1)
            made.sendto(b"\x08\0\xf7\xff\0\0\0\0", (host, 0))
        return "sent"

    return probe


def said(data):
    """Whether the victim's word came back for these bytes at the door."""

    def probe():
        with socket.create_connection(DOOR, timeout=5) as made:
            made.sendall(data)
            heard = b""
            while b"VICTIM" not in heard:
                more = made.recv(4096)
                if not more:
                    raise OSError("refused: " + heard[:80].decode(errors="replace"))
                heard += more
        return "the victim spoke"

    return probe


def head(text):
    return said(text.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n")


def connect(host, port=VICTIM):
    return head("CONNECT %s:%d HTTP/1.1\nHost: x" % (host, port))


def packet():
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW):
        return "opened"


def namespace(flag):
    """Whether a new namespace, where one may be made, leads anywhere. In a child: the others stay where they are."""

    def probe():
        child = os.fork()
        if not child:
            code = 1
            try:
                if not ctypes.CDLL(None, use_errno=True).unshare(flag):
                    tcp(GIVEN["gateway"], VICTIM)()
                    code = 0
            finally:
                os._exit(code)
        if os.waitpid(child, 0)[1]:
            raise OSError("it leads nowhere")
        return "it leads out"

    return probe


def interface():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        fcntl.ioctl(made, 0x8914, struct.pack("16sh", b"lo", 0))
    return "lo was changed"


def route():
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as made:
        made.bind((0, 0))
        body = struct.pack("BBBBBBBBI", 2, 0, 0, 0, 254, 3, 0, 1, 0) + struct.pack("HHI", 8, 4, 1)
        made.send(struct.pack("IHHII", 16 + len(body), 24, 0x605, 1, 0) + body)
        answer = made.recv(4096)
        error = struct.unpack_from("i", answer, 16)[0]
        if error:
            raise OSError(-error, "netlink")
    return "a route was added"


def devices():
    names = [name for name in os.listdir("/sys/class/net") if name not in ("lo", "sit0", "tunl0", "ip6tnl0")]
    if not names:
        raise OSError("only loopback")
    return names


def abstract_sockets():
    names = [line.split()[-1] for line in open("/proc/net/unix").read().splitlines()[1:] if "@" in line]
    if not names:
        raise OSError("none")
    return names


def paths(*names):
    def probe():
        found = [name for name in names if os.path.exists(name)]
        if not found:
            raise OSError("not there")
        return found

    return probe


def resolve():
    return socket.getaddrinfo("example.com", 443)


def others():
    mine = {str(os.getpid()), "1", "self", "thread-self"}
    found = [name for name in os.listdir("/proc") if name.isdigit() and name not in mine]
    if not found:
        raise OSError("nobody else")
    return found


def other_namespaces():
    mine, found = os.readlink("/proc/self/ns/net"), []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            there = os.readlink("/proc/%s/ns/net" % name)
        except OSError:
            continue
        if there != mine:
            found.append(name)
    if not found:
        raise OSError("only its own")
    return found


def vsock():
    with socket.socket(40, socket.SOCK_STREAM) as made:
        made.settimeout(2)
        made.connect((2, 22))
    return "connected"


URL = "http://%s:%d/" % (ADDRESSES[0], VICTIM)
INSIDE = "http://%s" % ALLOWED
PROBES = {
    "tcp: the internet": tcp("1.1.1.1", 443),
    "tcp: port 22": tcp("192.0.2.1", 22),
    "tcp: host gateway": tcp(GIVEN["gateway"], VICTIM),
    **{"tcp: this machine at " + address: tcp(address, VICTIM) for address in ADDRESSES},
    "tcp: a neighbour": tcp(NEIGHBOUR, 8000),
    "tcp: metadata": tcp("169.254.169.254", 80),
    "tcp: metadata, Alibaba": tcp("100.100.100.200", 80),
    "tcp: the victim on loopback": tcp("127.0.0.1", VICTIM),
    "tcp6: the internet": tcp("2606:4700:4700::1111", 443, socket.AF_INET6),
    "tcp6: mapped": tcp("::ffff:1.1.1.1", 443, socket.AF_INET6),
    "tcp6: metadata": tcp("fd00:ec2::254", 80, socket.AF_INET6),
    "tcp6: link-local": tcp("fe80::1", 80, socket.AF_INET6),
    "udp: DNS of the internet": udp("8.8.8.8", 53),
    "udp: the embedded resolver": answered("127.0.0.11", 53),
    "udp: host gateway": udp(GIVEN["gateway"], 53),
    "udp: a neighbour": udp(NEIGHBOUR, 9),
    "udp: multicast": udp("224.0.0.251", 5353),
    "udp: broadcast": udp("255.255.255.255", 67),
    "udp6: the internet": udp("2606:4700:4700::1111", 53, socket.AF_INET6),
    "udp: QUIC": udp("1.1.1.1", 443),
    "icmp: raw": raw(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP, "1.1.1.1"),
    "icmp: datagram": raw(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP, "1.1.1.1"),
    "icmp6: datagram": raw(socket.AF_INET6, socket.SOCK_DGRAM, socket.IPPROTO_ICMPV6, "2606:4700:4700::1111"),
    "sctp": raw(socket.AF_INET, socket.SOCK_STREAM, 132, "1.1.1.1"),
    "packet socket": packet,
    "vsock": vsock,
    "resolver": resolve,
    "interfaces beside loopback": devices,
    "changing an interface": interface,
    "adding a route": route,
    "a new network namespace": namespace(0x40000000),
    "a new user namespace": namespace(0x10000000 | 0x40000000),
    "another network namespace": other_namespaces,
    "abstract sockets": abstract_sockets,
    "sockets of Berth and the engine": paths(
        "/run/berth-egress", "/run/berth-desk", "/var/run/docker.sock", "/run/docker.sock"
    ),
    "processes of the holder": others,
    "proxy: an address": connect(ADDRESSES[0]),
    "proxy: host gateway": connect(GIVEN["gateway"]),
    "proxy: a neighbour": connect(NEIGHBOUR, 8000),
    "proxy: the proxy's own loopback": connect("127.0.0.1"),
    "proxy: IPv6 loopback": connect("[::1]"),
    "proxy: mapped": connect("[::ffff:%s]" % ADDRESSES[0]),
    "proxy: NAT64": connect("[64:ff9b::%s]" % ADDRESSES[0]),
    "proxy: decimal": connect(str(struct.unpack("!I", socket.inet_aton(ADDRESSES[0]))[0])),
    "proxy: hexadecimal": connect("0x7f.0.0.1"),
    "proxy: short": connect("127.1"),
    "proxy: metadata": connect("169.254.169.254", 80),
    "proxy: the host by name, another port": connect("host.docker.internal"),
    "proxy: a listed name that leads to loopback": connect("localhost"),
    "proxy: a listed name that leads to IPv6 loopback": connect("ip6-localhost"),
    "proxy: a listed name that leads to the bridge": connect("berth"),
    "proxy: a name with a dot at its end": connect("host.docker.internal."),
    "proxy: a user name": connect("host.docker.internal@%s" % ADDRESSES[0]),
    "proxy: absolute form": head("GET %s HTTP/1.1\nHost: %s" % (URL, ALLOWED)),
    "proxy: origin form": head("GET / HTTP/1.1\nHost: %s:%d" % (ADDRESSES[0], VICTIM)),
    "proxy: another host header": head("GET %s HTTP/1.1\nHost: %s" % (URL, ALLOWED)),
    "proxy: user name in the URL": head("GET http://%s@%s:%d/ HTTP/1.1" % (ALLOWED, ADDRESSES[0], VICTIM)),
    "proxy: header smuggled by a line feed": said(
        ("CONNECT %s HTTP/1.1\nX: CONNECT %s:%d HTTP/1.1\r\n\r\n" % (ALLOWED, ADDRESSES[0], VICTIM)).encode()
    ),
    "proxy: two requests at once": said(
        (
            "GET http://nobody.invalid/ HTTP/1.1\r\nContent-Length: 0\r\n\r\nCONNECT %s:%d HTTP/1.1\r\n\r\n"
            % (ADDRESSES[0], VICTIM)
        ).encode()
    ),
    "proxy: two lengths": head("POST %s/ HTTP/1.1\nContent-Length: 0\nContent-Length: 9" % URL),
    "proxy: chunked": head("POST %s/ HTTP/1.1\nTransfer-Encoding: chunked" % URL),
    "proxy: SOCKS 5": said(b"\5\1\0\5\1\0\1" + socket.inet_aton(ADDRESSES[0]) + struct.pack("!H", VICTIM)),
    "proxy: HTTP/2": said(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "proxy: TLS with another name": said(
        ("CONNECT %s HTTP/1.1\r\n\r\n" % GIVEN["tls"]).encode() + bytes.fromhex(GIVEN["hello"])
    ),
    "proxy: no TLS where TLS must be": said(
        ("CONNECT %s HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n" % GIVEN["tls"]).encode()
    ),
}
CONTROLS = {
    "the canary": head("GET http://canary.berth.invalid/ HTTP/1.1"),
    "what is listed": said(("CONNECT %s HTTP/1.1\r\n\r\nhello" % ALLOWED).encode()),
}


def outcome(probe):
    try:
        return {"out": True, "what": str(probe())[:200]}
    except (OSError, ValueError, OverflowError) as error:
        return {"out": False, "what": str(error)[:200]}


chosen = CONTROLS if GIVEN.get("controls") else PROBES
print(json.dumps({name: outcome(probe) for name, probe in chosen.items()}))
