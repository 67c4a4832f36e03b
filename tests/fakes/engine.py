r"""An engine in memory. The contract suite (``tests/contract``) runs on it and on real engines, so that it cannot lie.

Programs are async functions, found by the agent's ``argv[0]``; the real launcher payload is parsed::

    async def echo(process: FakeProcess) -> int:
        process.print(f"hello {process.environment['NAME']}\n")
        line = await process.stdin.read_line()
        process.print(line)
        return 0

    async with FakeEngine(programs={"my-agent": echo}) as engine:
        container = await engine.create(plan, name="berth-1", command=launch_command())
        stdin = await engine.open_input(container)
        await engine.start(container)
        await stdin.write(launch_payload({"NAME": "x"}, ("my-agent",)) + b"a line\n")
        async with engine.output(container) as outputs:
            async for output in outputs: ...

What a test can set at any time:

* ``failures["create"] = EngineError(...)``: that method raises it (every call, until it is taken out);
* ``gates["create"] = anyio.Event()``: that method waits until the event is set (``build``, ``pull``: after each step);
* ``present``: references of images that are there; ``build_steps``: what a build reports (a ``BerthError`` in it is
  raised there);
* ``unwritable``: folders in which the launcher's write test fails; ``facts``: what :meth:`about` answers;
* ``bare``: images without any of the programs; ``files``: what else is where in every container (None: nothing is);
  ``written``: what is in volumes, by volume and path; ``described``: images with facts of their own;
* ``confined``: what :meth:`confinement` answers of any container;
* ``refused``, ``room``: what containers run up against;
* ``egress_built``: whether the image of proxy and holders is there, as it mostly is;
* ``inputs``: all that were opened; each can ``lose`` its connection;
* ``stuck_logs``: how many logs do not end when their container does;
* ``calls``: method names with their first argument, in order; ``stopped_builds``: tags of builds and pulls left early.
"""

import itertools
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import anyio
import anyio.lowlevel

from berth.engine.base import LABEL, BuildStep, ContainerFacts, FileFacts, ImageFacts, NewFile, Output
from berth.engine.confinement import Confinement
from berth.errors import BerthError, EngineError, ImageError, SettingsError
from berth.planning.build_recipes import EGRESS_REPOSITORY
from berth.planning.facts import EngineFacts
from berth.planning.image_plan import BuildRecipe
from berth.planning.plan import ContainerPlan, User
from tests.fakes.container import FakeContainer
from tests.fakes.egress import FakeEgress
from tests.fakes.files import file_in
from tests.fakes.house import FakeHouse, lasting_labels
from tests.fakes.parking import FakeParking
from tests.fakes.pressure import FakePressing
from tests.fakes.process import FakeProcess, KilledError, Program

__all__ = ["FakeEngine", "FakeProcess", "KilledError", "Program"]

FACTS = EngineFacts("docker", "20.10.24", "1.41", "amd64", rootless=False, desktop=False, cpus=2, memory=2**33)
STEPS = (BuildStep("FROM base", 1, 2), BuildStep("FROM base", 1, 2, log="using base"), BuildStep("RUN true", 2, 2))


class FakeEngine(FakeParking, FakeHouse, FakePressing):
    """Implements :class:`berth.engine.base.Engine` in memory. As a block it kills what still runs at its end."""

    def __init__(self, programs: Mapping[str, Program] | None = None, images: Sequence[str] = ("berth-test",)) -> None:
        super().__init__()
        self.programs: dict[str, Program] = dict(programs or {})
        self.present = set(images)
        self.labels: dict[str, Mapping[str, str]] = {}
        self.volumes: dict[str, Mapping[str, str]] = {}
        self.facts = FACTS
        self.failures: dict[str, BerthError] = {}
        self.gates: dict[str, anyio.Event] = {}
        self.unwritable: set[str] = set()
        self.bare: set[str] = set()
        self.files: dict[str, FileFacts | None] = {}
        self.written: dict[str, dict[str, NewFile]] = {}
        self.described: dict[str, ImageFacts] = {}
        self.build_steps: Sequence[BuildStep | BerthError] = STEPS
        self.calls: list[tuple[str, str]] = []
        self.stopped_builds: list[str] = []
        self.stuck_logs = 0
        self.away = False
        self.egress = FakeEgress()
        self.egress_built = True
        self.inputs: list[FakeInput] = []
        self.confined = Confinement(seen={"process": "of the fake"})
        self._containers: dict[str, FakeContainer] = {}
        self._numbers = itertools.count(1)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        with anyio.CancelScope(shield=True):
            for container in [*self._containers.values()]:
                await container.end()

    async def about(self) -> EngineFacts:
        await self._enter("about")
        return self.facts

    async def image(self, reference: str) -> ImageFacts | None:
        await self._enter("image", reference)
        return self._described(reference) if self._is_here(reference) else None

    def _described(self, reference: str) -> ImageFacts:
        if reference in self.described:
            return self.described[reference]
        digest = "sha256:" + reference.encode().hex()[:64].ljust(64, "0")
        order = list(self.labels).index(reference) if reference in self.labels else 0
        created, labels = f"2026-01-01T00:00:{order:02}Z", self.labels.get(reference, {})
        return ImageFacts(digest, "amd64", "", (), (), labels, 1, tags=(reference,), created=created)

    async def images(self, labels: Mapping[str, str]) -> tuple[ImageFacts, ...]:
        await self._enter("images")
        found = [await self.image(reference) for reference in sorted(self.present)]
        return tuple(facts for facts in found if facts is not None and labels.items() <= facts.labels.items())

    async def remove_image(self, reference: str) -> bool:
        await self._enter("remove_image", reference)
        if any(container.plan.image == reference for container in self._containers.values()):
            return False
        self.present.discard(reference)
        self.labels.pop(reference, None)
        return True

    @asynccontextmanager
    async def build(self, recipe: BuildRecipe) -> AsyncIterator[AsyncIterator[BuildStep]]:
        self.labels.pop(recipe.tag, None)
        self.labels[recipe.tag] = {**recipe.labels, f"{LABEL}.image": recipe.tag}
        async with aclosing(self._steps("build", recipe.tag)) as steps:
            yield steps

    @asynccontextmanager
    async def pull(self, reference: str) -> AsyncIterator[AsyncIterator[BuildStep]]:
        async with aclosing(self._steps("pull", reference)) as steps:
            yield steps

    async def create(self, plan: ContainerPlan, *, name: str, command: tuple[str, ...]) -> str:
        with anyio.CancelScope(shield=True):
            await self._enter("create", name)
            plan = replace(plan, image=self._named(plan.image))
            self._check(plan, name)
            for mount in plan.mounts:
                if mount.type == "volume":
                    self.volumes.setdefault(mount.source, lasting_labels(plan, mount))
            container = FakeContainer(plan, identity=f"{next(self._numbers):064x}", name=name, command=command)
            self._containers[container.id] = container
        await anyio.lowlevel.checkpoint()  # where a real engine tells a cancelled caller, once the container is made
        return container.id

    async def start(self, container: str) -> None:
        with anyio.CancelScope(shield=True):
            await self._enter("start", container)
            found = self._get(container)
            self._check_network(found.plan)
            programs = self.egress.programs if self._is_egress(found.plan.image) else self.programs
            found.start(programs, self.unwritable, lambda target: self.egress.ask(found.plan, target))

    async def inspect(self, container: str) -> ContainerFacts | None:
        await self._enter("inspect", container)
        found = self._find(container)
        return found.facts() if found else None

    async def confinement(self, container: str, plan: ContainerPlan) -> Confinement:
        await self._enter("confinement", container)
        found = self._find(container)
        if found is None:
            return Confinement()
        seen = self.confined if _shape(found.plan) == _shape(plan) else Confinement(("the plan",))
        return replace(seen, runs=found.status == "running")

    async def wait(self, container: str) -> ContainerFacts | None:
        await self._enter("wait", container)
        found = self._find(container)
        if found:
            await found.ended()
        return None if found is None or found.removed else found.facts()

    async def signal(self, container: str, signal: Literal["SIGINT", "SIGTERM", "SIGKILL"]) -> None:
        await self._enter("signal", signal)
        found = self._find(container)
        if found:
            found.signal(signal)

    async def remove(self, container: str) -> None:
        with anyio.CancelScope(shield=True):
            await self._enter("remove", container)
            found = self._find(container)
            if found:
                await found.end()
                del self._containers[found.id]

    async def file(self, container: str, path: str) -> FileFacts | None:
        await self._enter("file", path)
        found = self._find(container)
        if found is None:
            return None
        programs = () if found.plan.image in self.bare else self.programs
        return self.files[path] if path in self.files else file_in(found.plan, path, programs, self.written)

    async def put(self, container: str, folder: str, files: Sequence[NewFile], *, owner: User) -> None:
        await self._enter("put", folder)
        plan = self._get(container).plan
        mounts = plan.mounts if owner == plan.user else ()
        mount = next(mount for mount in mounts if mount.type == "volume" and mount.target == folder)
        self.written.setdefault(mount.source, {}).update({file.path: file for file in files})

    async def remove_volume(self, name: str) -> None:
        await self._enter("remove_volume", name)
        self.volumes.pop(name, None)
        self.written.pop(name, None)

    async def containers(self, labels: Mapping[str, str]) -> tuple[ContainerFacts, ...]:
        await self._enter("containers")
        everything = [container.facts() for container in self._containers.values()]
        return tuple(facts for facts in everything if labels.items() <= facts.labels.items())

    @asynccontextmanager
    async def output(self, container: str, *, since: str = "") -> AsyncIterator[AsyncIterator[Output]]:
        await self._enter("output", container)
        async with aclosing(self._follow(self._get(container), int(since or 0))) as outputs:
            yield outputs

    async def was_away(self, seconds: float) -> bool:
        return self.away and seconds > 0

    async def tail(self, container: str, *, lines: int) -> bytes:
        await self._enter("tail", container)
        printed = b"".join(data for _, data in self._get(container).log)
        return b"".join(printed.splitlines(keepends=True)[-lines:])

    async def open_input(self, container: str) -> "FakeInput":
        await self._enter("open_input", container)
        found = self._get(container)
        if found.status == "paused":
            message = f"The container {found.name} is paused and takes no input."
            raise EngineError("container-gone", message, "Restart the session.")
        self.inputs.append(FakeInput(found))
        return self.inputs[-1]

    def shell(self, container: str, environment: Mapping[str, str]) -> tuple[str, ...]:
        return ("docker", "exec", "-it", *(f"-e{name}={value}" for name, value in environment.items()), container, "sh")

    def client(self, words: Sequence[str]) -> tuple[str, ...]:
        return ("docker", *words)

    async def aclose(self) -> None:
        """Lets go of nothing: containers outlive the host, as real ones do."""
        await self._enter("aclose")

    async def _enter(self, call: str, subject: str = "") -> None:
        self.calls.append((call, subject))
        await anyio.lowlevel.checkpoint()
        if call in self.gates and call not in ("build", "pull"):
            await self.gates[call].wait()
        if call in self.failures:
            raise self.failures[call]

    async def _steps(self, call: str, reference: str) -> AsyncGenerator[BuildStep]:
        await self._enter(call, reference)
        try:
            for step in self.build_steps:
                if isinstance(step, BerthError):
                    raise step
                yield step
                if call in self.gates:
                    await self.gates[call].wait()
        except (GeneratorExit, anyio.get_cancelled_exc_class()):
            self.stopped_builds.append(reference)
            raise
        self.present.add(reference)

    async def _follow(self, container: FakeContainer, position: int) -> AsyncGenerator[Output]:
        while True:
            changed = container.changed
            while position < len(container.log):
                stream, data = container.log[position]
                position += 1
                yield Output(stream, data, str(position))
            if (container.removed or container.status == "exited") and not self.stuck_logs:
                return
            if container.status == "exited":
                self.stuck_logs -= 1
                await anyio.sleep_forever()
            await changed.wait()

    def _named(self, image: str) -> str:
        """A name of the image with this id; what is no id is answered as it is."""
        if not image.startswith("sha256:"):
            return image
        found = [reference for reference in sorted(self.present) if self._described(reference).digest == image]
        return found[0] if found else image

    def _is_egress(self, image: str) -> bool:
        return image.startswith(f"{EGRESS_REPOSITORY}:")

    def _is_here(self, image: str) -> bool:
        return image in self.present or (self.egress_built and self._is_egress(image))

    def _check_network(self, plan: ContainerPlan) -> None:
        network = plan.options.network.network
        if network is None or not network.target.startswith("container:"):
            return
        holder = self._find(network.target.removeprefix("container:"))
        if holder is None or holder.status != "running":
            message = "The container whose network this one is to join does not run."
            raise EngineError("container-gone", message, "Start the session again.")

    def _check(self, plan: ContainerPlan, name: str) -> None:
        if not self._is_here(plan.image):
            raise ImageError("image-not-found", f"The image {plan.image} does not exist.", "Build or pull it.")
        if any(container.name == name for container in self._containers.values()):
            raise EngineError("name-taken", f"A container named {name} exists already.", "Choose another name.")
        for mount in plan.mounts:
            if mount.type == "bind" and not Path(mount.source).exists():
                raise SettingsError("bad-mount", f"The mount source {mount.source} does not exist.", "Create it.")

    def _everything(self) -> tuple[list[FakeContainer], dict[str, Mapping[str, str]], set[str]]:
        return [*self._containers.values()], self.volumes, self.present

    def session_containers(self) -> list[FakeContainer]:
        """Its containers but for proxies and holders."""
        return [container for container in self._containers.values() if not self._is_egress(container.plan.image)]

    def container(self, container: str) -> FakeContainer:
        """One of its containers, to be looked into."""
        return self._get(container)

    def _find(self, container: str) -> FakeContainer | None:
        named = (found for found in self._containers.values() if found.name == container)
        return self._containers.get(container) or next(named, None)

    def _get(self, container: str) -> FakeContainer:
        found = self._find(container)
        if found is None:
            raise EngineError("container-gone", f"The container {container[:12]} is gone.", "Start the session again.")
        return found


class FakeInput:
    """The writing end of a fake container's stdin."""

    def __init__(self, container: FakeContainer) -> None:
        self.container = container
        self._lost = anyio.Event()

    def lose(self) -> None:
        """The connection breaks."""
        self._lost.set()

    async def write(self, data: bytes) -> None:
        await anyio.lowlevel.checkpoint()
        if self._lost.is_set() or self.container.removed or self.container.status == "exited":
            message = f"The container {self.container.name} no longer takes input."
            raise EngineError("container-gone", message, "Restart the session.")
        self.container.stdin.feed(data)

    async def until_lost(self) -> None:
        async with anyio.create_task_group() as tasks:
            for end in (self._lost.wait, self.container.ended):
                tasks.start_soon(_until, end, tasks.cancel_scope)

    async def aclose(self) -> None:
        await anyio.lowlevel.checkpoint()


async def _until(end: Callable[[], Awaitable[object]], scope: anyio.CancelScope) -> None:
    await end()
    scope.cancel()


def _shape(plan: ContainerPlan) -> object:
    """What a real engine can tell of a container's plan: no reasons, and account files wherever they lie."""
    mounts = {(mount.type, mount.source, mount.target) for mount in plan.mounts if not mount.target.startswith("/etc/")}
    return (plan.user.uid, plan.user.gid, mounts, plan.limits.memory, plan.limits.pids)
