"""The most that the user's own policy lets any session reach, as it is written and as it comes out of all layers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from berth.settings.entries import Entry, highest
from berth.settings.network import DenyEntry, NetworkMode
from berth.settings.origin import Sourced
from berth.settings.written import UNSET_IF_EMPTY, Written

WIDTH: Mapping[NetworkMode, int] = {"none": 0, "allowlist": 1, "open": 2, "host": 3}
"""The modes by how much they let through."""


class NetworkCeilingsSection(Written):
    """The most that any session may reach."""

    mode: Annotated[NetworkMode | None, UNSET_IF_EMPTY] = Field(
        default=None,
        description="The widest network mode: `none`, `allowlist`, `open`, or `host`, the widest of all.",
        examples=["allowlist"],
    )
    hosts: list[DenyEntry] | None = Field(
        default=None,
        description="The only hosts that may be reached beside the agent's own, written as in `allow` but for "
        "the words of tools; no mode is wider than `allowlist` then.",
        examples=[["*.example.com", "registry.npmjs.org"]],
    )


@dataclass(frozen=True, slots=True)
class NetworkCeilings:
    """The ceilings of all layers; None: not bounded. A ceiling of hosts is one of ``allowlist`` for the mode, too."""

    mode: Sourced[NetworkMode] | None = None
    hosts: Sourced[list[str]] | None = None

    @property
    def widest(self) -> Sourced[NetworkMode] | None:
        """The widest mode that both of them leave."""
        if self.hosts is None or (self.mode is not None and WIDTH[self.mode.value] <= WIDTH["allowlist"]):
            return self.mode
        return Sourced("allowlist", self.hosts.origin)


def merged_network_ceilings(entries: Sequence[Entry[NetworkCeilingsSection]]) -> NetworkCeilings:
    """What the layers come to, lowest first."""
    return NetworkCeilings(
        mode=highest(entries, "mode", lambda entry: entry.mode),
        hosts=highest(entries, "hosts", lambda entry: entry.hosts),
    )
