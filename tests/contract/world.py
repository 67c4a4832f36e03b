"""One engine under test, or plain processes in its place, with what differs between them."""

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import anyio

from berth.engine.agent_input import Input
from berth.engine.base import LABEL, Engine, Output, Runner
from berth.engine.launch_output import LaunchOutput
from berth.engine.launcher import launch_command, launch_payload
from berth.engine.process.processes import Processes
from berth.planning.host_plan import ProcessPlan
from berth.planning.plan import ContainerPlan, Limits, Mount, Tmpfs, User
from berth.planning.reason import Reason
from tests.contract.scenarios import SCRIPTS
from tests.fakes.engine import FakeEngine

REASON = Reason("test")
SECONDS = 60.0


@dataclass
class World:
    """An engine, its test image, and a mark on everything made with it."""

    made_by: Engine | Processes
    image: str
    init: bool = True
    engine_name: str = "fake"
    address: str | None = None
    mark: str = field(default_factory=lambda: secrets.token_hex(6))
    volumes: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    @property
    def runner(self) -> Runner:
        """Engine or processes: what tests of any program are about."""
        return self.made_by

    @property
    def engine(self) -> Engine:
        """What tests of containers are about: they are marked ``containers``."""
        assert not isinstance(self.made_by, Processes)
        return self.made_by

    @property
    def fake(self) -> FakeEngine | None:
        return self.made_by if isinstance(self.made_by, FakeEngine) else None

    @property
    def labels(self) -> dict[str, str]:
        return {f"{LABEL}.test": self.mark}

    def name(self) -> str:
        return f"berth-test-{self.mark}-{secrets.token_hex(3)}"

    def volume(self) -> str:
        self.volumes.append(self.name())
        return self.volumes[-1]

    def tag(self) -> str:
        self.tags.append(f"localhost/{self.name()}:test")
        return self.tags[-1]

    def plan(self, *, mounts: Sequence[Mount] = (), memory: int = 256 * 1024 * 1024, image: str = "") -> ContainerPlan:
        return ContainerPlan(
            image=image or self.image,
            user=User(1234, 1234, "agent", "/home/agent", None, REASON),
            workdir="/tmp",
            mounts=tuple(mounts),
            tmpfs=(Tmpfs("/tmp", 64 * 1024 * 1024),),
            limits=Limits(memory=memory, cpus=1, pids=128),
            hostname="berth-test",
            extra_hosts={"host.docker.internal": "host-gateway"},
            labels=self.labels,
            init=self.init,
        )

    def argv(self, scenario: str, *arguments: str) -> tuple[str, ...]:
        if self.fake is not None:
            return (scenario, *arguments)
        return ("/bin/sh", "-c", SCRIPTS[scenario], scenario, *arguments)

    async def create(self, plan: ContainerPlan | None = None, name: str = "") -> str:
        if isinstance(self.made_by, Processes):
            process = ProcessPlan(workdir="/tmp", inherited=os.environ)
            return await self.made_by.create(process, name=name or self.name(), command=launch_command())
        return await self.engine.create(plan or self.plan(), name=name or self.name(), command=launch_command())

    async def run(
        self, scenario: str, *, plan: ContainerPlan | None = None, variables: Mapping[str, str] | None = None
    ) -> str:
        """Creates and starts a container that becomes the scenario."""
        container = await self.create(plan)
        await self.runner.start(container)
        await self.write(container, launch_payload(variables or {}, self.argv(scenario)))
        return container

    async def write(self, container: str, data: bytes) -> None:
        stdin: Input = await self.runner.open_input(container)
        await stdin.write(data)
        await stdin.aclose()

    async def printed(self, container: str) -> tuple[bytes, bytes]:
        """All of what a container printed until it ended, without what the launcher said."""
        with anyio.fail_after(SECONDS):
            async with self.runner.output(container) as outputs:
                return split([output async for output in outputs])

    async def says(self, container: str, text: bytes) -> None:
        """Waits until it printed something."""
        seen = b""
        with anyio.fail_after(SECONDS):
            async with self.runner.output(container) as outputs:
                async for output in outputs:
                    seen += output.data
                    if text in seen:
                        return
        raise AssertionError(f"{text!r} was never printed, only {seen!r}")


def split(outputs: Sequence[Output]) -> tuple[bytes, bytes]:
    """stdout and stderr, the launcher's own words left out."""
    stdout = b"".join(output.data for output in outputs if output.stream == "stdout")
    stderr = b"".join(output.data for output in outputs if output.stream == "stderr")
    return stdout, LaunchOutput().receive(stderr)[1]
