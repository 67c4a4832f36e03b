"""Docker Engine and Podman's Docker API behind :class:`berth.engine.base.Engine`."""
# ruff: noqa: D102 - what each method promises stands in berth.engine.base.Engine

import os
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import anyio
import anyio.to_thread

from berth.builds.stat_cache import StatCache
from berth.engine.base import BuildStep, ContainerFacts, FileFacts, ImageFacts, NewFile, Output
from berth.engine.confinement import Confinement
from berth.engine.docker import images, podman, pulls
from berth.engine.docker.addresses import find_endpoint
from berth.engine.docker.archive import files_archive, look_at_file
from berth.engine.docker.audit import audited
from berth.engine.docker.builder import Builder
from berth.engine.docker.confined import confinement
from berth.engine.docker.control import patiently
from berth.engine.docker.errors import Subject
from berth.engine.docker.facts import container_facts, image_facts
from berth.engine.docker.follow import follow
from berth.engine.docker.greeting import Opened, greeted
from berth.engine.docker.house import House
from berth.engine.docker.removal import removed
from berth.engine.docker.render import render
from berth.engine.docker.request_terms import terms_of
from berth.engine.docker.shells import client_argv, shell_words
from berth.engine.docker.stdin import ContainerInput, attach_stdin, exec_stdin
from berth.engine.docker.volumes import Volumes, create_container, remove_volume
from berth.engine.docker.wire import BrokenStream, Request
from berth.errors import BerthError, EngineError
from berth.planning.facts import EngineFacts
from berth.planning.image_plan import BuildRecipe
from berth.planning.plan import ContainerPlan, User

if TYPE_CHECKING:
    from docker import APIClient


class DockerEngine(House):
    """One engine, found on first use by ``environment`` and ``home`` as the Docker CLI finds it.

    ``contexts`` remembers what was hashed of build contexts.
    """

    def __init__(
        self,
        environment: Mapping[str, str] | None = None,
        home: Path | None = None,
        *,
        contexts: StatCache | None = None,
    ) -> None:
        self._environment = os.environ if environment is None else environment
        self._home = home or Path.home()
        self._builder = Builder(self._environment, self._home, contexts)
        self._volumes = Volumes()
        self._opened: Opened | None = None
        self._opening = anyio.Lock()

    async def about(self) -> EngineFacts:
        return (await self._open()).facts

    async def image(self, reference: str) -> ImageFacts | None:
        answer = await self._look(f"/images/{reference}/json", Subject(image=reference))
        return None if answer is None else image_facts(answer)

    @asynccontextmanager
    async def build(self, recipe: BuildRecipe) -> AsyncIterator[AsyncIterator[BuildStep]]:
        opened = await self._open()
        async with aclosing(self._builder.build(opened.api, opened.facts, recipe)) as steps:
            yield steps

    @asynccontextmanager
    async def pull(self, reference: str) -> AsyncIterator[AsyncIterator[BuildStep]]:
        opened = await self._open()
        async with aclosing(pulls.pull(opened.api, reference)) as steps:
            yield steps

    async def images(self, labels: Mapping[str, str]) -> tuple[ImageFacts, ...]:
        control = (await self._open()).control
        found = await control.look(
            lambda client: images.labelled(client, labels), subject=Subject("the list of images")
        )
        facts = [await self.image(identity) for identity in found]
        return tuple(each for each in facts if each is not None)

    async def remove_image(self, reference: str) -> bool:
        return bool(await self._change(lambda client: images.remove(client, reference), Subject(image=reference)))

    async def create(self, plan: ContainerPlan, *, name: str, command: tuple[str, ...]) -> str:
        facts = await self.about()

        def make(client: "APIClient") -> str:
            feasible = plan
            if facts.product == "podman":
                podman.refuse_absent_sources(plan)
                feasible = podman.with_host_address(client, plan, facts.version)
            request = audited(render(feasible, command), terms_of(plan))
            self._volumes.prepare(client, plan, command=command, engine=facts)
            return create_container(client, request, name=name)

        return str(await self._change(make, Subject(name, plan.image)))

    async def start(self, container: str) -> None:
        await self._post(f"/containers/{container}/start", Subject(container[:12]))

    async def inspect(self, container: str) -> ContainerFacts | None:
        subject = Subject(container[:12])
        answer = await patiently(lambda: self._look(f"/containers/{container}/json", subject))
        return None if answer is None else container_facts(answer)

    async def confinement(self, container: str, plan: ContainerPlan) -> Confinement:
        filtered = (await self.about()).seccomp
        answer = await self._look(f"/containers/{container}/json", Subject(container[:12]))
        return await anyio.to_thread.run_sync(lambda: confinement(answer, terms_of(plan), filtered=filtered))

    async def wait(self, container: str) -> ContainerFacts | None:
        path, subject = f"/containers/{container}/wait", Subject(container[:12])
        api = (await self._open()).api
        while True:
            try:
                async with api.request(Request("POST", path), subject=subject) as response:
                    await response.read()
            except BrokenStream:
                pass
            except BerthError as error:
                if error.kind != "container-gone":
                    raise
            facts = await self.inspect(container)
            if facts is None or facts.status not in ("running", "paused", "restarting"):
                return facts

    async def signal(self, container: str, signal: Literal["SIGINT", "SIGTERM", "SIGKILL"]) -> None:
        await self._change_if_there(lambda client: client.kill(container, signal), Subject(container[:12]))

    async def rename(self, container: str, name: str) -> None:
        await self._post(f"/containers/{container}/rename", Subject(name), name=name)

    async def pause(self, container: str) -> None:
        await self._change(lambda client: client.pause(container), Subject(container[:12]))

    async def unpause(self, container: str) -> None:
        await self._change(lambda client: client.unpause(container), Subject(container[:12]))

    async def remove(self, container: str) -> None:
        def remove(client: "APIClient") -> None:
            client.remove_container(container, v=True, force=True)

        await patiently(lambda: self._change_if_there(remove, Subject(container[:12])))
        if await self.inspect(container) is not None:
            await removed((await self._open()).api, container)

    async def file(self, container: str, path: str) -> FileFacts | None:
        return await look_at_file((await self._open()).api, container, path)

    async def put(self, container: str, folder: str, files: Sequence[NewFile], *, owner: User) -> None:
        archive = files_archive(files, owner)
        await self._change(lambda client: client.put_archive(container, folder, archive), Subject(container[:12]))

    async def remove_volume(self, name: str) -> None:
        await self._change_if_there(lambda client: remove_volume(client, name), Subject(name))

    async def containers(self, labels: Mapping[str, str]) -> tuple[ContainerFacts, ...]:
        wanted = {"label": [f"{name}={value}" for name, value in labels.items()]}

        look = (await self._open()).control.look
        listed = await look(lambda client: client.containers(all=True, filters=wanted), subject=Subject("the list"))
        found = [await self.inspect(each["Id"]) for each in listed]
        return tuple(facts for facts in found if facts is not None)

    @asynccontextmanager
    async def output(self, container: str, *, since: str = "") -> AsyncIterator[AsyncIterator[Output]]:
        if await self.inspect(container) is None:
            message = f"The container {container[:12]} is gone, and its output with it."
            raise EngineError("container-gone", message, "Start the session again.")
        async with aclosing(follow((await self._open()).api, self.inspect, container, since=since)) as outputs:
            yield outputs

    async def tail(self, container: str, *, lines: int) -> bytes:
        def last(client: "APIClient") -> bytes:
            return bytes(client.logs(container, stdout=True, stderr=True, tail=lines))

        return await (await self._open()).control.look(last, subject=Subject(container[:12]))

    async def open_input(self, container: str) -> ContainerInput:
        opened = await self._open()
        facts = await self.inspect(container) if opened.facts.product == "podman" else None
        if facts is None or facts.status != "running":
            return await attach_stdin(opened.api, container)

        def prepare(client: "APIClient") -> str:
            return str(client.exec_create(container, podman.STDIN_WRITER, stdin=True, stdout=False)["Id"])

        writer = await self._change(prepare, Subject(container[:12]))
        return await exec_stdin(opened.api, container, writer)

    async def was_away(self, seconds: float) -> bool:
        opened = self._opened
        return opened is not None and (opened.control.was_away(seconds) or await opened.api.was_away(seconds))

    def shell(self, container: str, environment: Mapping[str, str]) -> tuple[str, ...]:
        return self.client(shell_words(container, environment))

    def client(self, words: Sequence[str]) -> tuple[str, ...]:
        opened = self._opened
        endpoint = opened.api.endpoint if opened else find_endpoint(self._environment, self._home)
        # Docker's own program refuses some of what Podman takes, such as keep-id.
        names = ("podman", "docker") if opened and opened.facts.product == "podman" else ("docker", "podman")
        return client_argv(endpoint, words, program=next(filter(shutil.which, names), names[0]))

    async def aclose(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            await opened.control.aclose()

    async def _open(self) -> Opened:
        if self._opened is None:
            async with self._opening:
                if self._opened is None:
                    self._opened = await greeted(self._environment, self._home)
        return self._opened

    async def _post(self, path: str, subject: Subject, **query: str) -> None:
        opened = await self._open()
        await opened.control.see_through(lambda: opened.api.post(path, query, subject=subject))

    async def _look(self, path: str, subject: Subject) -> Any:
        api = (await self._open()).api
        try:
            return await api.get(path, subject=subject)
        except BerthError as error:
            if error.kind in ("container-gone", "image-not-found"):
                return None
            raise

    async def _change(self, call: Any, subject: Subject) -> Any:
        return await (await self._open()).control.change(call, subject=subject)

    async def _change_if_there(self, call: Any, subject: Subject) -> None:
        try:
            await self._change(call, subject)
        except BerthError as error:
            if error.kind not in ("container-gone", "volume-gone"):
                raise
