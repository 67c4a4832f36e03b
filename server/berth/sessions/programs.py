"""Where a container would find a program, seen from outside before it is started."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from berth.engine.base import Engine, FileFacts, ImageFacts
from berth.planning.expansion import expanded
from berth.planning.plan import SessionPlan

USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""What Docker gives an image that sets no PATH."""

ROOTS_HOME = PurePosixPath("/root")
"""Private to root in every distribution seen; engines do not tell who owns a folder, so others are not judged."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a program is. ``closed``: only root may go there."""

    path: str
    closed: bool


def search_path(plan: SessionPlan, image: ImageFacts) -> str:
    """The PATH that the agent will have."""
    of_image = dict(entry.split("=", 1) for entry in image.environment if "=" in entry)
    known = {"PATH": USUAL_PATH, **of_image}
    for variable in plan.agent.environment:
        if variable.name == "PATH":
            return expanded(variable.value, known) if variable.expands else variable.value
    return known["PATH"]


def private_folders(path: str) -> tuple[str, ...]:
    """What of a PATH is in root's own folder."""
    return tuple(folder for folder in path.split(":") if PurePosixPath(folder).is_relative_to(ROOTS_HOME))


class ProgramSearch:
    """Looks for programs in one container. Asks the engine once for each place."""

    def __init__(self, engine: Engine, container: str, *, uid: int) -> None:
        """``uid`` is who will run them."""
        self._engine = engine
        self._container = container
        self._is_root = uid == 0
        self._root_is_closed: bool | None = None

    async def find(self, program: str, path: str) -> Found | None:
        """The first file of this name in a PATH that can be executed; one that only root can reach when that is all.

        Raises:
            EngineError: The engine did not say.
        """
        closed: Found | None = None
        for candidate in _candidates(program, path):
            file = await self._engine.file(self._container, candidate)
            if file is None or file.kind != "file" or not file.mode & 0o111:
                continue
            if not await self._is_closed(candidate, file):
                return Found(candidate, closed=False)
            closed = closed or Found(candidate, closed=True)
        return closed

    async def _is_closed(self, candidate: str, file: FileFacts) -> bool:
        """A link elsewhere that leads into root's folder leads nowhere for anybody else."""
        places = (PurePosixPath(candidate), PurePosixPath(file.path))
        if self._is_root or not any(place.is_relative_to(ROOTS_HOME) for place in places):
            return False
        return await self.roots_home_is_closed()

    async def roots_home_is_closed(self) -> bool:
        """Whether nobody but root gets into root's own folder. Raises as :meth:`find` does."""
        if self._root_is_closed is None:
            root = await self._engine.file(self._container, str(ROOTS_HOME))
            self._root_is_closed = root is not None and not root.mode & 0o001
        return self._root_is_closed and not self._is_root


def _candidates(program: str, path: str) -> Iterator[str]:
    if "/" in program:
        yield program
        return
    for folder in path.split(":"):
        if folder.startswith("/"):
            yield str(PurePosixPath(folder) / program)
