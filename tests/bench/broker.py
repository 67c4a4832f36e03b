"""A request through the broker against the same request with the key from the engine's bridge, and a long answer."""

import hashlib
import json
import os
import statistics

from berth.planning.credentials_plan import PlannedKey
from berth.planning.reason import BUILT_IN
from tests.bench.figures import Bar, Figure, summary
from tests.bench.upstream import Silent, serving
from tests.egress.field import field_on

SENTINEL, KEY = "berth-sentinel-of-the-benchmark", "sk-key-of-the-benchmark"
SMALL, LARGE = 2_000, 128 * 1024 * 1024
"""Bytes of an answer; the request has as many as ``BODY``, a short conversation."""

BODY = 20_000

CLIENT = """
import http.client, json, sys, time
given = json.loads(sys.argv[1])
def one(length):
    begun = time.perf_counter()
    made = http.client.HTTPConnection(given["host"], given["port"])
    made.request("POST", f"/{length}", b"x" * given["body"], {"x-api-key": given["key"]})
    answer, buffer = made.getresponse(), bytearray(1 << 20)
    while answer.readinto(buffer):
        pass
    made.close()
    return time.perf_counter() - begun
one(1)
small = [one(given["small"]) for _ in range(given["requests"])]
large = [given["large"] / one(given["large"]) for _ in range(3)]
print(json.dumps([small, large]))
"""


class _Vendor(Silent):
    def do_POST(self) -> None:  # noqa: N802 - the name that http.server wants
        self.rfile.read(int(self.headers["Content-Length"]))
        left, piece = int(self.path[1:]), bytes(1 << 16)
        self.send_response(200 if self.headers["x-api-key"] == KEY else 401)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while left:
            part = piece[: min(left, len(piece))]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
            left -= len(part)
        self.wfile.write(b"0\r\n\r\n")


async def measure(rounds: int) -> list[Figure]:
    environment = {name: value for name, value in os.environ.items() if name.startswith("DOCKER_")}
    async with field_on(environment) as field:
        with serving(_Vendor) as port:
            sizes = {"small": SMALL, "large": LARGE, "body": BODY, "requests": rounds}
            way = await field.way(keys=(_key(port),))
            given = {**sizes, "host": "127.0.0.1", "port": 19129, "key": SENTINEL}
            brokered = await field.run(field.plan(1000), way, "python3", "-c", CLIENT, json.dumps(given))
            given = {**sizes, "host": "host.docker.internal", "port": port, "key": KEY}
            plan = field.plan(1000, network="bridge")
            direct = await field.run(plan, None, "python3", "-c", CLIENT, json.dumps(given))
    (small, large), (plain_small, plain_large) = json.loads(brokered), json.loads(direct)
    added = [1000 * (one - statistics.median(plain_small)) for one in small]
    throughput = statistics.median(plain_large)
    return [
        summary("broker", "added to one request", added, "ms", bar=Bar("at most", 2)),
        summary("broker", "throughput of a long answer / direct", [one / throughput for one in large], "x"),
    ]


def _key(port: int) -> PlannedKey:
    return PlannedKey(
        variable="THE_KEY",
        sentinel=hashlib.sha256(SENTINEL.encode()).hexdigest(),
        url=f"http://host.docker.internal:{port}",
        base="",
        routes=("POST /*",),
        header="x-api-key",
        prefix="",
        reason=BUILT_IN,
        key=KEY,
        inside=True,
    )
