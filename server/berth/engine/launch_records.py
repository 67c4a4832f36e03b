"""Records of a launcher's payload that are more than a value each: variables in pieces, commands that run first."""

import hashlib
from collections.abc import Iterator

from berth.engine.launch import Launch
from berth.planning.expansion import pieces


def expanding_records(value: str) -> Iterator[tuple[str, str]]:
    """A value with ``${containerEnv:NAME}`` and ``${containerEnv:NAME:default}`` in it."""
    for piece in pieces(value):
        if isinstance(piece, str):
            yield "L", piece
            continue
        if piece.default:
            yield "F", piece.default
        yield "V", piece.name


def preparation_records(launch: Launch) -> Iterator[tuple[str, str]]:
    """The commands that run first."""
    for command in launch.before:
        yield from (("A", word) for word in command.argv)
        yield "N", command.name.replace("\n", " ")
        if command.once:
            yield "O", _marker(command.name, command.argv, launch.container)
        if command.background:
            yield "B", ""
        yield "R", ""


def _marker(name: str, argv: tuple[str, ...], container: str) -> str:
    """The file that says that a command ran: in a new container, and when it changes, it runs again."""
    digest = hashlib.sha256("\0".join((container, name, *argv)).encode(errors="surrogateescape")).hexdigest()
    return f".berth-ran-{digest[:24]}"
