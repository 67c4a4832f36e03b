"""Whether an image can carry a session, found out between the making of its first container and its start.

The container is made anyway, and in it everything can be seen from outside: the image, and what is mounted over it.
"""

import logging
from dataclasses import dataclass

from berth.engine.base import Engine, ImageFacts
from berth.errors import EngineError, ImageError
from berth.planning.facts import EngineFacts
from berth.planning.plan import SessionPlan
from berth.sessions.checked_images import CheckedImages
from berth.sessions.programs import ProgramSearch, private_folders, search_path

logger = logging.getLogger(__name__)

SHELL = "/bin/sh"

LOADERS = {"amd64": "/lib64/ld-linux-x86-64.so.2", "arm64": "/lib/ld-linux-aarch64.so.1"}
"""Where every image with the GNU C library has its loader: the path is part of each processor's binary interface."""

MUSL = {"amd64": "/lib/ld-musl-x86_64.so.1", "arm64": "/lib/ld-musl-aarch64.so.1"}
"""The same of musl, which Alpine is built on."""

_RUNS_TOO = {"amd64": ("386",), "arm64": ("arm",)}
"""Processors run the programs of their own line's smaller ones."""


@dataclass(frozen=True, slots=True)
class Lack:
    """The agent's program cannot be run in the image. ``closed`` is where it is for root only.

    ``unsuited`` is why the agent cannot be laid on top either, as a clause; empty when it can.
    """

    program: str
    closed: str = ""
    unsuited: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: what is lacking, and remarks that a person should read once."""

    lack: Lack | None = None
    remarks: tuple[str, ...] = ()


class Fitness:
    """Looks at images for all sessions of a host."""

    def __init__(self, engine: Engine, checked: CheckedImages) -> None:
        """Nothing was looked at but what ``checked`` knows."""
        self._engine = engine
        self._checked = checked

    async def examine(self, container: str, image: ImageFacts, plan: SessionPlan) -> Finding:
        """Looks at a container of the plan that was made and not started. What was found fit is not looked at again.

        An engine that does not answer is no reason not to start: then the start tells.

        Raises:
            ImageError: ``image-wrong-platform`` or ``image-lacks-shell``.
        """
        path = search_path(plan, image)
        parts = (image.digest, plan.agent.argv[0], path, "root" if plan.container.user.uid == 0 else "user")
        try:
            if await self._checked.knows(*parts):
                return Finding()
            finding, lasting = await self._look(container, image, plan)
            if lasting:
                await self._checked.remember(*parts)
        except EngineError as error:
            logger.warning("The image %s could not be looked at: %s", plan.image.reference, error.kind)
            return Finding()
        return finding

    async def _look(self, container: str, image: ImageFacts, plan: SessionPlan) -> tuple[Finding, bool]:
        """What was found, and whether it holds for every container of the image."""
        engine = await self._engine.about()
        remarks = [*_emulated(image, engine, plan), *_entrypoint(image, plan)]
        if await self._engine.file(container, SHELL) is None:
            hint = "Use an image with a POSIX shell (any Debian, Ubuntu, Fedora or Alpine based one has it)."
            sentence = f"The image {plan.image.reference} has no {SHELL}, which Berth's launcher needs."
            raise ImageError("image-lacks-shell", sentence, hint)
        search, program = ProgramSearch(self._engine, container, uid=plan.container.user.uid), plan.agent.argv[0]
        if "/" in program and not program.startswith("/"):
            return Finding(remarks=tuple(remarks)), True  # below the workspace, which is not the image's
        found = await search.find(program, search_path(plan, image))
        if found is None or found.closed:
            unsuited = await self._unsuited(container, engine)
            return Finding(Lack(program, found.path if found else "", unsuited), tuple(remarks)), False
        if private_folders(search_path(plan, image)) and await search.roots_home_is_closed():
            remarks.append(_private(image, plan))
        mounted = any(f"{found.path}/".startswith(f"{mount.target}/") for mount in plan.container.mounts)
        return Finding(remarks=tuple(remarks)), not mounted

    async def _unsuited(self, container: str, engine: EngineFacts) -> str:
        """Why Berth's agents, which are built for the GNU C library, cannot run in an image; empty when they can."""
        loader, musl = LOADERS.get(engine.architecture), MUSL.get(engine.architecture)
        if loader is None or musl is None:
            return f"Berth has no agents for {engine.architecture}"
        if await self._engine.file(container, loader) is not None:
            return ""
        if await self._engine.file(container, musl) is not None:
            return "it is built on musl, as Alpine is, and Berth's agents need the GNU C library"
        return "it has no GNU C library, which Berth's agents need"


def _emulated(image: ImageFacts, engine: EngineFacts, plan: SessionPlan) -> list[str]:
    """A remark about an image for another processor that the engine can imitate.

    Raises:
        ImageError: ``image-wrong-platform``: it cannot.
    """
    wanted, own = image.architecture, engine.architecture
    if not wanted or not own or wanted == own or wanted in _RUNS_TOO.get(own, ()):
        return []
    sentence = f"The image {plan.image.reference} is built for {wanted} and this engine is {own}"
    if engine.desktop or wanted in engine.emulated:
        return [f"{sentence}: it is emulated, which is slow."]
    hint = (
        f"Pull or build it for this machine (--platform linux/{own}), or let the machine emulate {wanted} "
        "(Debian: apt install qemu-user-static)."
    )
    raise ImageError("image-wrong-platform", f"{sentence}.", hint)


def _entrypoint(image: ImageFacts, plan: SessionPlan) -> list[str]:
    if not image.entrypoint or plan.container.reason_of("entrypoint") is not None:
        return []
    program, shown = image.entrypoint[0][:80], " ".join(image.entrypoint)[:120]
    remark = f"The image's entrypoint ({shown}) is not run: Berth starts the agent itself."
    return [f'{remark} If it is needed, add "--entrypoint", "{program}" to the profile\'s dockerArgs.']


def _private(image: ImageFacts, plan: SessionPlan) -> str:
    folders = ", ".join(private_folders(search_path(plan, image)))
    return (
        f"The image {plan.image.reference} keeps programs where only root can go ({folders}); the session runs as user "
        f"{plan.container.user.uid} and cannot use them. Install them for every user, in /usr/local or /opt."
    )
