"""Looks at everything of Berth's on the engine's disk, tells what it takes, and removes what is litter."""

import time
from pathlib import Path
from typing import Protocol

from anyio import to_thread

from berth.engine.base import LABEL, Engine
from berth.engine.housekeeping import DiskUse
from berth.errors import BerthError, InvalidArguments
from berth.host.litter import Litter, Seen, SeenSession, labels_of, litter, total
from berth.host.litter_images import NAME_LABEL
from berth.host.places import StateFolder
from berth.host.seal import Seal
from berth.protocol.housekeeping import DiskItem, DiskReport, PruneArguments, PrunedItem, PruneResult
from berth.sessions.session import Session
from berth.sessions.states import ENDED
from berth.settings.quantities import parse_duration

_OURS = {LABEL: "1"}


class Holder(Protocol):
    """Whoever has sessions: a host."""

    engine: Engine
    folder: StateFolder

    def sessions(self) -> tuple[Session, ...]:
        """All of them."""
        ...

    def session(self, name: str) -> Session:
        """One of them."""
        ...

    async def remove(self, session: Session) -> None:
        """Removes one with all that is its own."""
        ...


class Leftovers:
    """What the sessions of one host, and of hosts before it, leave behind."""

    def __init__(self, host: Holder) -> None:
        """Nothing was looked at yet."""
        self._host = host

    async def report(self) -> DiskReport:
        """What Berth's things take. Raises what the engine raises."""
        seen = await self._look(None)
        items = [*_container_items(seen), *_volume_items(seen), *_image_items(seen)]
        return DiskReport(
            items=tuple(items),
            journals=await to_thread.run_sync(_size_of, self._host.folder.root),
            build_cache=seen.disk.build_cache,
            layers=seen.disk.layers,
        )

    async def prune(self, arguments: PruneArguments) -> PruneResult:
        """Removes litter, or only tells what it is. What cannot be removed stays, with the reason."""
        found = litter(await self._look(_seconds(arguments.older_than)), force=arguments.force)
        kept = [each.item for each in found if not each.goes]
        if arguments.dry_run:
            going = [each for each in found if each.goes]
            return PruneResult(
                dry_run=True, removed=tuple(each.item for each in going), kept=tuple(kept), size=total(going)
            )
        gone: list[Litter] = []
        for each in (each for each in found if each.goes):
            why = await self._remove(each)
            if why:
                kept.append(each.item.model_copy(update={"why": why}))
            else:
                gone.append(each)
        return PruneResult(dry_run=False, removed=tuple(each.item for each in gone), kept=tuple(kept), size=total(gone))

    async def expire(self) -> tuple[PrunedItem, ...]:
        """Removes only sessions that are past their time (``keepStopped``); answers which."""
        if all(session.plan.ends.keep_stopped is None for session in self._host.sessions()):
            return ()
        due = [each for each in litter(self._sessions_only(), force=False) if each.goes]
        return tuple([each.item for each in due if not await self._remove(each)])

    async def _remove(self, each: Litter) -> str:
        """Removes one thing; answers why it stays, empty when it is gone."""
        engine = self._host.engine
        try:
            match each.item.what:
                case "session":
                    await self._host.remove(self._host.session(each.id))
                case "container":
                    await engine.remove(each.id)
                case "volume":
                    await engine.remove_volume(each.id)
                case "image":
                    return "" if await engine.remove_image(each.id) else "something still uses it"
        except BerthError as error:
            return error.message
        return ""

    def _sessions_only(self) -> Seen:
        sessions = tuple(_seen(session, None) for session in self._host.sessions())
        nothing = frozenset[str]()
        return Seen(sessions, (), (), (), DiskUse(), nothing, "", nothing, time.time())

    async def _look(self, older_than: float | None) -> Seen:
        engine, folder = self._host.engine, self._host.folder.sessions
        containers = await engine.containers(_OURS)
        volumes = await engine.named_volumes(_OURS)
        named = labels_of(containers, volumes)
        seal = await to_thread.run_sync(Seal.found, self._host.folder.root)
        return Seen(
            sessions=tuple(_seen(session, older_than) for session in self._host.sessions()),
            containers=containers,
            volumes=volumes,
            images=await engine.images({NAME_LABEL: ""}),
            disk=await engine.disk(),
            folders=await to_thread.run_sync(lambda: frozenset(path.name for path in folder.iterdir())),
            mark=seal.host if seal else "",
            workspaces=await to_thread.run_sync(lambda: frozenset(path for path in named if Path(path).is_dir())),
            now=time.time(),
        )


def _seen(session: Session, older_than: float | None) -> SeenSession:
    info, plan = session.info, session.plan
    ended = session.record.state in ENDED and info.ended_at is not None
    own_home = plan.mode == "container" and plan.login is not None and plan.login.scope == "none"
    return SeenSession(
        id=info.id,
        name=info.name,
        container=session.housing.container,
        ended_at=(info.ended_at or 0) / 1000 if ended else None,
        keep=plan.ends.keep_stopped if older_than is None else older_than,
        alone=own_home and session.could_go_on,
    )


def _seconds(older_than: str | None) -> float | None:
    try:
        return None if older_than is None else parse_duration(older_than)
    except ValueError as error:
        raise InvalidArguments("invalid-arguments", f"olderThan {error}.") from None


def _container_items(seen: Seen) -> list[DiskItem]:
    return [
        DiskItem(
            what="container",
            name=container.name,
            size=seen.disk.containers.get(container.id),
            session=container.labels.get(f"{LABEL}.session"),
            used=container.status in ("running", "paused", "restarting"),
        )
        for container in seen.containers
    ]


def _volume_items(seen: Seen) -> list[DiskItem]:
    items = []
    for volume in seen.volumes:
        use = seen.disk.volumes.get(volume.name)
        items.append(
            DiskItem(
                what="volume", name=volume.name, size=use.size if use else None, used=bool(use.users if use else False)
            )
        )
    return items


def _image_items(seen: Seen) -> list[DiskItem]:
    used = {container.image for container in seen.containers}
    return [
        DiskItem(
            what="image",
            name=image.tags[0] if image.tags else image.digest,
            size=seen.disk.images.get(image.digest, image.size),
            used=image.digest in used or any(tag in used for tag in image.tags),
        )
        for image in seen.images
    ]


def _size_of(folder: Path) -> int:
    """Bytes of all files in a folder. Blocks."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
