"""``agent.trust``: what the user allowed which workspace."""

from typing import Annotated

from pydantic import Field

from berth.protocol.model import Arguments, WireModel


class TrustArguments(Arguments):
    """Shows what was allowed, and takes it back with ``revoke``: one yes by its digest, or ``all`` of the workspace."""

    workspace_folder: str | None = Field(
        default=None, description="Path or file URI; every workspace's when absent. Needed with `revoke`."
    )
    revoke: Annotated[str, Field(pattern=r"^([0-9a-f]{64}|all)$")] | None = Field(
        default=None, description="Digest of the yes to take back, or `all`."
    )


class TrustGrant(WireModel):
    """One yes that still holds. Times are Unix milliseconds."""

    workspace_folder: str
    digest: str
    asks: tuple[str, ...]
    receives: tuple[str, ...]
    at: int
    until: int


class TrustResult(WireModel):
    """What holds now, and how many were taken back."""

    grants: tuple[TrustGrant, ...]
    revoked: int = 0
