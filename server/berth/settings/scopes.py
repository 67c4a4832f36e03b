"""Settings of an editor that tells apart who wrote them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ScopedSection:
    """The section ``berth`` by scope, each an object as it was written. Kept out of ``repr``: it may hold secrets.

    Only ever made from the answer of a client whose own code said that it tells scopes apart
    (``capabilities.experimental.berth.scopes``): an object of the same shape in some editor's settings may come from a
    repository.

    Attributes:
        user: What the user wrote for all workspaces.
        workspace: What stands in the workspace: its folder's file, or the file that lists its folders.
        folder: What stands in one folder of several.
        trusted: Whether the user trusts the workspace. Where not, nothing of the workspace is read.
    """

    user: Mapping[str, object] = field(default_factory=dict, repr=False)
    workspace: Mapping[str, object] = field(default_factory=dict, repr=False)
    folder: Mapping[str, object] = field(default_factory=dict, repr=False)
    trusted: bool = False
