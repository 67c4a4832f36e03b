"""What can be done to the profiles of one settings file. Pure: texts in, texts out."""

import json
from collections.abc import Iterator

from berth.settings.editing.draft import Draft, key_token
from berth.settings.editing.layout import Verbatim, indent_at
from berth.settings.editing.members import Stretch
from berth.settings.editing.standing import Path, Standing
from berth.settings.editing.tree import Node

PROFILES: Path = ("docker", "profiles")
DEFAULT: Path = ("docker", "defaultProfile")

_DEFAULTS = (DEFAULT, ("docker", "default_profile"))


class DottedName(ValueError):
    """A profile whose key is dotted (``berth.docker.profiles.web``) cannot have a name with dots. The key's line."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


def names_in(draft: Draft) -> frozenset[str]:
    """The profiles of which something stands in the file."""
    depth = len(PROFILES)
    return frozenset(one.path[depth] for one in draft.standings() if one.path[:depth] == PROFILES != one.path)


def has_default(draft: Draft) -> bool:
    """Whether the file names a default profile, or says that there is none."""
    return any(one.path in _DEFAULTS for one in draft.standings())


def with_profile(draft: Draft, name: str, value: object) -> Draft:
    """Adds a profile, last of all; one that stands there is replaced."""
    return draft.put((*PROFILES, name), value)


def without_profile(draft: Draft, name: str) -> Draft:
    """Takes a profile out, wherever parts of it stand, and the file's ``defaultProfile`` when it names it."""
    return draft.drop(
        lambda one: _is_piece(one, name) or (one.path in _DEFAULTS and _names(one.member.value, name)),
    )


def renamed(draft: Draft, name: str, to: str) -> Draft:
    """Renames a profile wherever parts of it stand, in the ``extends`` of others and in ``defaultProfile``.

    Raises:
        DottedName: It stands under a dotted key, and the new name has dots itself.
    """
    return draft.rewritten(_renaming(draft, name, to))


def with_default(draft: Draft, name: str | None) -> Draft:
    """Sets the default profile; None takes the setting out."""
    if name is None:
        return draft.drop(lambda one: one.path in _DEFAULTS)
    written = next((one.path for one in draft.standings() if one.path in _DEFAULTS), DEFAULT)
    return draft.put(written, name)


def verbatim(draft: Draft, name: str) -> Verbatim | None:
    """A profile as it is written, comments and all; None when it stands in several parts or not at all."""
    pieces = list(_pieces(draft, name))
    if len(pieces) != 1 or len(pieces[0].path) != len(PROFILES) + 1:
        return None
    member = pieces[0].member
    return Verbatim(draft.slice(member.value), indent_at(draft.text, member.start))


def _renaming(draft: Draft, name: str, to: str) -> Iterator[Stretch]:
    for one in draft.standings():
        if _is_piece(one, name):
            yield (one.member.start, one.member.key_end, _renamed_key(draft, one, to))
        if one.path in _DEFAULTS or (one.path[:2] == PROFILES and one.path[3:] == ("extends",)):
            nodes = (one.member.value, *one.member.value.items)
            yield from ((node.start, node.end, json.dumps(to)) for node in nodes if _names(node, name))


def _renamed_key(draft: Draft, piece: Standing, to: str) -> str:
    if len(piece.keys) > 1 and "." in to:
        raise DottedName(draft.text.count("\n", 0, piece.member.start) + 1)
    index = len(piece.keys) - 1 - (len(piece.path) - len(PROFILES) - 1)
    return key_token((*piece.keys[:index], to, *piece.keys[index + 1 :]))


def _pieces(draft: Draft, name: str) -> Iterator[Standing]:
    return (one for one in draft.standings() if _is_piece(one, name))


def _is_piece(one: Standing, name: str) -> bool:
    """Whether it is the profile, or a part of it that stands for itself (``berth.docker.profiles.web.image``)."""
    return one.path[:3] == (*PROFILES, name) and len(one.above) < len(PROFILES) + 1


def _names(node: Node, name: str) -> bool:
    return node.kind == "scalar" and json.loads(node.token) == name
