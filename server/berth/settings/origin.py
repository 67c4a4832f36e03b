"""Where a setting came from."""

from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

T = TypeVar("T")

LayerName = Literal["built-in", "user", "editor", "workspace", "request"]
"""The layers, lowest first. What stands higher wins."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The layer and the place in it.

    ``place`` is ``file:line`` for files and the setting's path (``berth.docker.defaultImage``) otherwise. ``trusted``
    says that only the user can have written it: nothing in a repository can reach such a layer.
    """

    layer: LayerName
    place: str = ""
    trusted: bool = True


@dataclass(frozen=True, slots=True)
class Sourced(Generic[T]):
    """A value that remembers where it came from. The value stays out of ``repr``: it may be a secret."""

    value: T = field(repr=False)
    origin: Origin
