"""A real engine with a proxy of the tests' own, and containers that try to get out."""

import contextlib
import json
import os
import secrets
import socket
import socketserver
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import anyio

from berth.engine.base import LABEL, Engine
from berth.engine.docker import DockerEngine
from berth.host.places import images_folder, recipe_digest
from berth.planning.container_options import ContainerOptions, Network, NetworkOptions
from berth.planning.credentials_plan import CredentialsPlan, PlannedKey
from berth.planning.image_plan import BuildRecipe, ImagePlan
from berth.planning.network_plan import NetworkPlan, PlannedHost
from berth.planning.plan import ContainerPlan, Limits, Tmpfs, User
from berth.planning.reason import Reason
from berth.sessions.egress.containers import egress_name
from berth.sessions.egress.desk import Desk
from berth.sessions.egress.orders import Told, set_order
from berth.sessions.egress.way_out import joined
from berth.sessions.egress.ways import Way, Ways

BASE = os.environ.get("BERTH_BASE_IMAGE", "berth-base:bookworm")
REASON = Reason("test")
SECONDS = 90.0
SAID = b"VICTIM"
"""What every server of this machine says that nobody may reach."""


@dataclass
class Field:
    """Ways out on one engine, and what the proxy told."""

    engine: Engine
    ways: Ways
    image: str
    host: str
    desk: Desk
    mark: str = field(default_factory=lambda: secrets.token_hex(6))
    told: list[Told] = field(default_factory=list)
    opened: list[Way] = field(default_factory=list)

    async def way(self, *hosts: PlannedHost, asks: bool = False, keys: tuple[PlannedKey, ...] = ()) -> Way:
        network = replace(self.network(*hosts, asks=asks), credentials=CredentialsPlan("broker", keys=keys))
        self.opened.append(await self.ways.open(network, self.told.append))
        return self.opened[-1]

    async def shut_way(self) -> Way:
        """One as containers have it that wait for their session."""
        self.opened.append(await self.ways.shut(self.network()))
        return self.opened[-1]

    async def waited_way(self, *hosts: PlannedHost) -> Way:
        """One that was shut, and has its rules now."""
        way = await self.shut_way()
        await self.ways.take(way, set_order(way.lane, self.network(*hosts), hold=0.0), self.told.append)
        return way

    def network(self, *hosts: PlannedHost, asks: bool = False) -> NetworkPlan:
        image = ImagePlan(self.image, None, "never", REASON)
        return NetworkPlan("allowlist", REASON, allowed=hosts, asks=asks, image=image)

    def plan(self, uid: int, *, image: str = "", network: str = "none") -> ContainerPlan:
        return ContainerPlan(
            image=image or self.image,
            user=User(uid, uid, "agent", "/tmp", None, REASON),
            workdir="/tmp",
            mounts=(),
            tmpfs=(Tmpfs("/tmp", 64 * 1024 * 1024),),
            limits=Limits(memory=512 * 1024 * 1024, cpus=2, pids=128),
            hostname="",
            extra_hosts={"host.docker.internal": "host-gateway"} if network == "bridge" else {},
            labels={LABEL: "1", f"{LABEL}.test": self.mark},
            init=False,
            options=ContainerOptions(network=NetworkOptions(network=Network(network))),
        )

    async def run(self, plan: ContainerPlan, way: Way | None, *command: str) -> str:
        """All that a program prints in a container."""
        container = await self.begin(plan, way, *command)
        with anyio.fail_after(SECONDS):
            async with self.engine.output(container) as outputs:
                return b"".join([output.data async for output in outputs]).decode(errors="replace")

    async def begin(self, plan: ContainerPlan, way: Way | None, *command: str) -> str:
        """Starts a program through a shell: nothing else may begin a container that is none of the proxy's."""
        name = f"berth-test-{self.mark}-{secrets.token_hex(3)}"
        through = ("/bin/sh", "-c", 'exec "$@"', "sh", *command)
        made = await self.engine.create(joined(plan, way) if way else plan, name=name, command=through)
        await self.engine.start(made)
        return made

    async def first_word(self, container: str) -> str:
        """What it prints first."""
        said = b""
        with anyio.fail_after(SECONDS):
            async with self.engine.output(container) as outputs:
                async for output in outputs:
                    said += output.data
                    if b"\n" in said:
                        break
        return said.decode().split()[0]

    def kinds(self) -> list[tuple[str, str, str]]:
        return [(told.event, told.host, told.why) for told in self.told]


@asynccontextmanager
async def field_on(environment: dict[str, str]) -> AsyncIterator[Field]:
    """Builds the image where it is not there, and leaves nothing behind but the image."""
    engine = DockerEngine(environment)
    try:
        async with field_in(engine, await built(engine)) as made:
            yield made
    finally:
        with anyio.CancelScope(shield=True):
            await engine.aclose()


@asynccontextmanager
async def field_in(engine: Engine, image: str) -> AsyncIterator[Field]:
    """Leaves no container and no volume behind."""
    host = f"test-{secrets.token_hex(6)}"
    with tempfile.TemporaryDirectory() as folder:
        async with anyio.create_task_group() as tasks:
            desk = Desk(Path(folder) / "desk", tasks)
            made = Field(engine, Ways(engine, desk, host=host, tasks=tasks), image, host, desk)
            try:
                yield made
            finally:
                tasks.cancel_scope.cancel()
                with anyio.CancelScope(shield=True):
                    await _clear(made)


async def built(engine: DockerEngine) -> str:
    """The image, built where it is not there."""
    folder = images_folder() / "egress"
    tag = f"berth/egress:{recipe_digest(folder)[:12]}"
    if await engine.image(tag) is None:
        async with engine.build(BuildRecipe(folder, "Dockerfile", {"BASE_IMAGE": BASE}, tag)) as steps:
            async for _ in steps:
                pass
    return tag


async def on_docker() -> str:
    """The image on the machine's own engine, from which others are given it: not every engine can build here."""
    engine = DockerEngine({name: value for name, value in os.environ.items() if name.startswith("DOCKER_")})
    try:
        return await built(engine)
    finally:
        await engine.aclose()


async def _clear(made: Field) -> None:
    for container in await made.engine.containers({f"{LABEL}.test": made.mark}):
        await made.engine.remove(container.id)
    await made.ways.aclose()
    for way in made.opened:
        await made.engine.remove(way.holder)
    name = egress_name(made.host, made.image)
    await made.engine.remove(name)
    await made.engine.remove_volume(name)


class _Talker(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.settimeout(5)
        with contextlib.suppress(OSError):
            self.request.sendall(SAID + b"\n")
            self.request.recv(1024)


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def victim(address: str = "0.0.0.0") -> Iterator[int]:  # noqa: S104 - it is to be reachable from a bridge
    """A server on every address of this machine that says something to everybody; answers its port."""
    with _Listener((address, 0), _Talker) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join(10)


def own_addresses() -> list[str]:
    """This machine's IPv4 addresses."""
    found = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        found.add(probe.getsockname()[0])
    return sorted(str(address) for address in found)


def here(port: int, *, host: str = "host.docker.internal", inside: bool = True, opaque: bool = True) -> PlannedHost:
    return PlannedHost(host, port, REASON, opaque=opaque, inside=inside)


def as_root(plan: ContainerPlan) -> ContainerPlan:
    return replace(plan, user=User(0, 0, "root", "/tmp", None, REASON))


def script(name: str, **values: object) -> tuple[str, ...]:
    """A program of the tests' for the container's Python, with its values as JSON."""
    return ("python3", "-c", (Path(__file__).parent / name).read_text(), json.dumps(values))
