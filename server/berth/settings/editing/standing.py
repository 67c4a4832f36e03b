"""Where settings stand in a file, in every spelling: nested, dotted, and parts of one setting in several places."""

from collections.abc import Iterator
from dataclasses import dataclass

from berth.settings.editing.tree import Member, Node

DEEPEST = 4
"""Keys to the deepest setting that is looked for: ``docker.profiles.web.extends``."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a file looks like.

    Attributes:
        prefixed: Only keys with ``berth`` are ours; the file belongs to others as well.
        under: The keys to the object with the settings.
    """

    prefixed: bool
    under: Path = ()


USER_FILE = Shape(prefixed=False)
WORKSPACE_FILE = Shape(prefixed=True)
CODE_WORKSPACE = Shape(prefixed=True, under=("settings",))


@dataclass(frozen=True, slots=True)
class Standing:
    """A setting in a file.

    Attributes:
        path: Its keys below ``berth``.
        keys: The member's own key, taken apart at dots where dots part keys.
        member: Where it stands.
        holder: The object that it stands in.
    """

    path: Path
    keys: Path
    member: Member
    holder: Node

    @property
    def above(self) -> Path:
        """The path of the object it stands in; of one dotted key as of a nested one, only what is outside the key."""
        return self.path[: max(len(self.path) - len(self.keys), 0)]


def settings_object(root: Node, shape: Shape) -> Node | None:
    """The object with the settings, the last one where its key comes twice."""
    node: Node | None = root
    for key in shape.under:
        found = [member.value for member in node.members if member.key == key] if node else []
        node = found[-1] if found else None
    return node


def standings(root: Node, shape: Shape) -> Iterator[Standing]:
    """Every setting down to :data:`DEEPEST`, objects before what is in them, in the order of the file."""
    holder = settings_object(root, shape)
    for member in holder.members if holder else ():
        keys = tuple(member.key.split("."))
        if holder and (keys[0] == "berth" or not shape.prefixed):
            path = keys[1:] if keys[0] == "berth" else keys
            yield from _with_inner(Standing(path, keys, member, holder))


def _with_inner(outer: Standing) -> Iterator[Standing]:
    """A setting and what is in it. Dots part keys in the object ``berth`` as they do outside it, and nowhere else."""
    yield outer
    if len(outer.path) >= DEEPEST:
        return
    for member in outer.member.value.members:
        keys = (member.key,) if outer.path else tuple(member.key.split("."))
        yield from _with_inner(Standing(outer.path + keys, keys, member, outer.member.value))
