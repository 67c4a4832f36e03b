"""Named volumes: labelled when they are made, and owned by the user who will write in them."""

import contextlib
import posixpath
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from berth.engine.base import LABEL
from berth.engine.docker.archive import folder_archive
from berth.engine.docker.audit import AuditedRequest, audited
from berth.engine.docker.request_terms import MEMORY_OF_HELPERS, PIDS_OF_HELPERS, helper_terms
from berth.planning.facts import EngineFacts
from berth.planning.plan import ContainerPlan, Mount, User

if TYPE_CHECKING:
    from docker import APIClient

_PREPARES = f"{LABEL}.prepares"


class Volumes:
    """The named volumes of one engine. What was prepared, or begun to be, is remembered for this host's time."""

    def __init__(self) -> None:
        """Knows of none."""
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._prepared: dict[str, bool] = {}

    def prepare(
        self, client: "APIClient", plan: ContainerPlan, *, command: tuple[str, ...], engine: EngineFacts
    ) -> None:
        """Makes the plan's named volumes that do not exist yet, with the plan's labels, owned by its user. Blocks.

        A fresh volume belongs to root. A container that is made from the image takes a tar entry for the volume's
        folder with the right owner, which works for any image and user. What the image has in that folder is copied
        into the volume on the way: by Docker when the container is created; by Podman when it is first started, with
        the image's owner, so there it has to be started once, with the launcher and nothing of the user's.

        One whose preparation an engine or a host did not survive is prepared again.
        """
        named = [mount for mount in plan.mounts if mount.type == "volume"]
        with self._alone_with({mount.source for mount in named}):
            fresh = [mount for mount in named if self._is_wanting(client, mount.source)]
            request = audited(_helper(plan, fresh, command=command), helper_terms(plan, fresh))
            self._prepared |= {mount.source: False for mount in fresh}
            for mount in fresh:
                client.create_volume(name=mount.source, labels={**_lasting(plan), LABEL + ".volume": mount.target})
            try:
                if fresh:
                    helper = create_container(client, request)
                    _give_to_user(client, helper, mounts={mount.target: plan.user for mount in fresh}, engine=engine)
            except BaseException:
                # Nobody else knows that it is unprepared; where the engine is away this host remembers.
                for mount in fresh:
                    remove_volume(client, mount.source)
                raise
            self._prepared |= {mount.source: True for mount in named}

    def _is_wanting(self, client: "APIClient", name: str) -> bool:
        if not _exists(client, name):
            return True
        if name not in self._prepared:
            return _remove_helpers(client, name)
        return not self._prepared[name]

    @contextlib.contextmanager
    def _alone_with(self, names: set[str]) -> Iterator[None]:
        with self._guard:
            locks = [self._locks.setdefault(name, threading.Lock()) for name in sorted(names)]
        with contextlib.ExitStack() as held:
            for lock in locks:
                held.enter_context(lock)
            yield


def remove_volume(client: "APIClient", name: str) -> None:
    """Removes a volume, and what prepared it where an engine or a host did not survive that. Blocks."""
    _remove_helpers(client, name)
    client.remove_volume(name, force=True)


def create_container(client: "APIClient", request: AuditedRequest, *, name: str | None = None) -> str:
    """Creates a container from a request that was audited, and returns its id. Blocks. There is no other way."""
    create = cast(Callable[..., dict[str, Any]], client.create_container_from_config)
    return str(create(dict(request.body), name=name)["Id"])


def _give_to_user(client: "APIClient", helper: str, *, mounts: Mapping[str, User], engine: EngineFacts) -> None:
    try:
        if engine.product == "podman":
            # The launcher finds its stdin closed and ends at once.
            client.start(helper)
            client.wait(helper)
        for target, user in mounts.items():
            folder, entry = _place(target, engine)
            client.put_archive(helper, folder, folder_archive(entry, user))
    finally:
        client.remove_container(helper, force=True)


def _remove_helpers(client: "APIClient", volume: str) -> bool:
    """Whether there were any. An engine keeps them for ever where whoever made them died."""
    left = client.containers(all=True, filters={"label": f"{_PREPARES}=volumes", "volume": volume})
    for helper in left:
        client.remove_container(helper["Id"], force=True)
    return bool(left)


def _helper(plan: ContainerPlan, mounts: list[Mount], *, command: tuple[str, ...]) -> dict[str, Any]:
    return {
        "Image": plan.image,
        "User": f"{plan.user.uid}:{plan.user.gid}",
        "Entrypoint": list(command),
        "Labels": {**_lasting(plan), _PREPARES: "volumes"},
        "Healthcheck": {"Test": ["NONE"]},
        "HostConfig": {
            "NetworkMode": "none",
            "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges"],
            "Privileged": False,
            "IpcMode": "private",
            "Memory": MEMORY_OF_HELPERS,
            "MemorySwap": MEMORY_OF_HELPERS,
            "PidsLimit": PIDS_OF_HELPERS,
            "Ulimits": [{"Name": name, "Soft": most, "Hard": most} for name, most in (("nofile", 1024), ("core", 0))],
            "RestartPolicy": {"Name": "no"},
            "LogConfig": {"Type": "json-file", "Config": {"max-size": "64m", "max-file": "1"}},
            "Mounts": [_whole(mount) for mount in mounts],
        },
    }


def _whole(mount: Mount) -> dict[str, Any]:
    """A volume with what the image has in its folder: the first container that mounts it copies that."""
    return {"Type": "volume", "Source": mount.source, "Target": mount.target, "ReadOnly": False}


def _place(target: str, engine: EngineFacts) -> tuple[str, str]:
    """Where to unpack, and the entry's name: Docker passes over ``.``, Podman reaches a volume only by its own path."""
    if engine.product == "podman":
        return target, "."
    parent, name = posixpath.split(target.rstrip("/"))
    return parent or "/", name


def _lasting(plan: ContainerPlan) -> dict[str, str]:
    """The plan's labels but the session's or spare's: a volume outlives it, and the helper must not be taken for it."""
    passing = (f"{LABEL}.session", f"{LABEL}.spare")
    return {name: value for name, value in plan.labels.items() if name not in passing}


def _exists(client: "APIClient", name: str) -> bool:
    from docker.errors import NotFound  # noqa: PLC0415 - docker is imported by the first call that needs it

    try:
        client.inspect_volume(name)
    except NotFound:
        return False
    return True
