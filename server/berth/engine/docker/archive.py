"""Files in containers: looked at and put there through the engine's archive calls, which need nothing in the image."""

import base64
import binascii
import io
import json
import posixpath
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import anyio

from berth.engine.base import FileFacts, NewFile
from berth.engine.docker.api import LOOK_SECONDS, Api
from berth.engine.docker.errors import Subject, from_exception, from_message
from berth.engine.docker.wire import BrokenStream, Request
from berth.errors import BerthError
from berth.planning.plan import User

_STAT = "x-docker-container-path-stat"
_NOT_FOUND = 404
_NO_FOLDER = "not a directory"
_FOLDER, _LINK, _OTHER = 1 << 31, 1 << 27, (1 << 26) | (1 << 25) | (1 << 24) | (1 << 21) | (1 << 19)
"""Bits of Go's ``fs.FileMode``: a folder; a symbolic link; devices, pipes, sockets, and what is irregular."""

MOST_LINKS = 8
"""Docker answers where a link finally leads; Podman's word for that may be a link again."""


async def look_at_file(api: Api, container: str, path: str) -> FileFacts | None:
    """What is at a path, links followed; None when there is nothing, or no such container.

    Raises:
        BerthError: The engine refused, or did not answer.
    """
    for _ in range(MOST_LINKS):
        stat = await _stat(api, container, path)
        if stat is None:
            return None
        mode, target = int(stat.get("mode") or 0), str(stat.get("linkTarget") or "")
        if not mode & _LINK:
            return FileFacts(path, _kind(mode), mode & 0o777)
        if not target or target == path:
            return None
        path = target
    return None


def files_archive(files: Sequence[NewFile], owner: User) -> bytes:
    """A tar of files and of the folders between, all of one owner."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for folder in _folders(files):
            tar.addfile(_entry(folder, 0o700, owner, kind=tarfile.DIRTYPE))
        for file in files:
            entry = _entry(file.path, file.mode, owner, kind=tarfile.REGTYPE)
            entry.size = len(file.content)
            tar.addfile(entry, io.BytesIO(file.content))
        end = tar.offset
    return _ended(archive, end)


def folder_archive(name: str, owner: User) -> bytes:
    """A tar of one folder that belongs to a user and nobody else may look into."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        tar.addfile(_entry(name, 0o700, owner, kind=tarfile.DIRTYPE))
        end = tar.offset
    return _ended(archive, end)


def _ended(archive: io.BytesIO, end: int) -> bytes:
    """The tar with the two empty blocks that end it, and without ``tarfile``'s padding to a tape's record.

    Podman's unpacker may be gone before the padding was read, and then the whole call fails with a broken pipe.
    """
    return archive.getvalue()[:end] + bytes(2 * tarfile.BLOCKSIZE)


async def _stat(api: Api, container: str, path: str) -> Mapping[str, Any] | None:
    request = Request("HEAD", f"/containers/{container}/archive", query={"path": path})
    try:
        with anyio.fail_after(LOOK_SECONDS):
            connection, response = await api.open(request)
    except (BrokenStream, TimeoutError) as error:
        raise from_exception(error, address=api.endpoint.url) from None
    await connection.aclose()
    if response.status == _NOT_FOUND:
        return None
    if response.status >= 400:
        await _tell_why(api, request)
        return None
    try:
        answer = json.loads(base64.b64decode(response.headers.get(_STAT, "")))
    except (binascii.Error, ValueError):
        answer = None
    if not isinstance(answer, dict):
        raise from_message(response.status, "it does not say what is there", subject=Subject(container[:12]))
    return answer


async def _tell_why(api: Api, refused: Request) -> None:
    """Why a look was refused, which the answer to a HEAD has no room for: a file among the folders is no failure."""
    try:
        with anyio.fail_after(LOOK_SECONDS):
            async with api.request(replace(refused, method="GET"), subject=Subject("the container")):
                pass
    except (BrokenStream, TimeoutError) as error:
        raise from_exception(error, address=api.endpoint.url) from None
    except BerthError as error:
        if _NO_FOLDER not in error.message:
            raise


def _kind(mode: int) -> Literal["file", "folder", "other"]:
    if mode & _FOLDER:
        return "folder"
    return "other" if mode & _OTHER else "file"


def _folders(files: Iterable[NewFile]) -> Iterator[str]:
    seen: set[str] = set()
    for file in files:
        parts = posixpath.dirname(file.path).split("/")
        for depth in range(1, len(parts) + 1):
            folder = "/".join(parts[:depth])
            if folder and folder not in seen:
                seen.add(folder)
                yield folder


def _entry(name: str, mode: int, owner: User, *, kind: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.uid, entry.gid = kind, mode, owner.uid, owner.gid
    return entry
