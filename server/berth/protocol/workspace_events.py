"""What was written in the workspace, measured there."""

from typing import Literal

from berth.protocol.event_body import EventBody
from berth.protocol.model import WireModel


class FilesChanged(EventBody):
    """Paths that changed in the workspace during the turn, measured from the workspace; absolute, as on the host."""

    kind: Literal["files.changed"] = "files.changed"
    paths: tuple[str, ...]
    truncated: bool = False


class WritebackFinding(WireModel):
    """One thing that could run on the user's machine. ``path`` is absolute, as on the host; ``what`` goes on from it.

    ``warning``: git, an editor or a shell obeys it by itself; ``info``: language servers, linters and installers do.
    """

    path: str
    what: str
    severity: Literal["warning", "info"] = "warning"


class WritebackFound(EventBody):
    """What was written in the workspace and could run on the user's machine without anybody asking for it.

    ``during`` a turn, or ``between`` turns, when it may have been the person. ``truncated``: not all was looked at, or
    there is more.
    """

    kind: Literal["writeback.found"] = "writeback.found"
    findings: tuple[WritebackFinding, ...]
    during: Literal["turn", "between"] = "turn"
    truncated: bool = False
