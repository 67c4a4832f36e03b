"""``agent.trust``. Blocking."""

from pathlib import Path

from berth.errors import InvalidArguments
from berth.host.trust import Grant, Trust
from berth.host.workspaces import look_at, path_of
from berth.protocol.trust import TrustArguments, TrustGrant, TrustResult


def trust_of(trust: Trust, arguments: TrustArguments) -> TrustResult:
    """Takes back what is to be taken back, and tells what holds.

    Raises:
        InvalidArguments: ``revoke`` without a folder.
        WorkspaceError: The folder is not there.
    """
    folder = _folder(arguments.workspace_folder)
    revoked = 0
    if arguments.revoke is not None:
        if folder is None:
            raise InvalidArguments("invalid-arguments", "workspaceFolder: taking a yes back needs its workspace.", "")
        revoked = trust.revoke(folder, None if arguments.revoke == "all" else arguments.revoke)
    grants = trust.all() if folder is None else trust.grants(folder)
    return TrustResult(grants=tuple(map(_grant, grants)), revoked=revoked)


def _folder(named: str | None) -> Path | None:
    return look_at(path_of(named)).path if named else None


def _grant(grant: Grant) -> TrustGrant:
    return TrustGrant(
        workspace_folder=grant.workspace,
        digest=grant.digest,
        asks=grant.asks,
        receives=grant.receives,
        at=int(grant.at * 1000),
        until=int(grant.until * 1000),
    )
