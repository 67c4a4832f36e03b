"""A session behind the door against one on the engine's bridge: its start, one request, and a long download."""

import json
import os
import statistics
import time

from tests.bench.figures import Bar, Figure, summary
from tests.bench.upstream import Silent, serving
from tests.egress.field import Field, field_on, here

SMALL, LARGE = 200, 512 * 1024 * 1024
REQUESTS = 300

CLIENT = """
import http.client, json, sys, time
given = json.loads(sys.argv[1])
def one(length):
    begun = time.perf_counter()
    if given["proxied"]:
        made = http.client.HTTPConnection("127.0.0.1", 19128)
        made.set_tunnel("host.docker.internal", given["port"])
    else:
        made = http.client.HTTPConnection("host.docker.internal", given["port"])
    made.request("GET", f"/{length}")
    answer, left, buffer = made.getresponse(), length, bytearray(1 << 20)
    while left:
        count = answer.readinto(buffer)
        left -= count
    made.close()
    return time.perf_counter() - begun
one(1)
small = [one(given["small"]) for _ in range(given["requests"])]
large = [given["large"] / one(given["large"]) for _ in range(3)]
print(json.dumps([small, large]))
"""


class _Server(Silent):
    def do_GET(self) -> None:  # noqa: N802 - the name that http.server wants
        left, block = int(self.path[1:]), bytes(1 << 20)
        self.send_response(200)
        self.send_header("Content-Length", str(left))
        self.end_headers()
        while left:
            left -= self.wfile.write(block[: min(left, len(block))])


async def measure(rounds: int) -> list[Figure]:
    environment = {name: value for name, value in os.environ.items() if name.startswith("DOCKER_")}
    async with field_on(environment) as field:
        return [*await _starts(field, rounds), *await _traffic(field)]


async def _starts(field: Field, rounds: int) -> list[Figure]:
    await field.way()
    bridge, fresh, ready = [], [], []
    for _ in range(rounds):
        begun = time.perf_counter()
        await field.engine.remove(await field.begin(field.plan(1000, network="bridge"), None, "sleep", "60"))
        bridge.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        way = await field.way()
        opened = time.perf_counter()
        container = await field.begin(field.plan(1000), way, "sleep", "60")
        await field.engine.remove(container)
        fresh.append(time.perf_counter() - begun)
        ready.append(time.perf_counter() - opened)
        await field.ways.close(way)
    base = statistics.median(bridge)
    return [
        summary("egress", "start and removal, next holder made meanwhile / bridge", [one / base for one in fresh], "x"),
        summary(
            "egress",
            "start and removal, holder ready / bridge",
            [one / base for one in ready],
            "x",
            bar=Bar("at most", 1.1),
        ),
    ]


async def _traffic(field: Field) -> list[Figure]:
    with serving(_Server) as port:
        given = {"port": port, "small": SMALL, "large": LARGE, "requests": REQUESTS}
        way = await field.way(here(port))
        proxied = await field.run(
            field.plan(1000), way, "python3", "-c", CLIENT, json.dumps({**given, "proxied": True})
        )
        direct = await field.run(
            field.plan(1000, network="bridge"), None, "python3", "-c", CLIENT, json.dumps({**given, "proxied": False})
        )
    (small, large), (plain_small, plain_large) = json.loads(proxied), json.loads(direct)
    added = [1000 * (one - statistics.median(plain_small)) for one in small]
    throughput = statistics.median(plain_large)
    return [
        summary("egress", "added to one request on a new connection", added, "ms", bar=Bar("at most", 2)),
        summary("egress", "throughput / direct", [one / throughput for one in large], "x", bar=Bar("at least", 0.5)),
    ]
