"""What must hold for any start at all, told apart from the code that makes it hold."""

from typing import Any

from berth.errors import BerthError
from tests.planning.plans import WORKSPACE
from tests.security.pipeline import ENVIRONMENT, Start, carried_out, request_of

NEVER = {
    "Binds",
    "VolumesFrom",
    "PidMode",
    "UTSMode",
    "Links",
    "Annotations",
    "MaskedPaths",
    "ReadonlyPaths",
    "Isolation",
}
USERS_ONLY = {"CapAdd", "Devices", "DeviceCgroupRules", "DeviceRequests", "GroupAdd", "Sysctls", "Runtime"}
USERS_ONLY |= {"PortBindings", "PublishAllPorts", "Dns", "CgroupParent", "OomKillDisable", "StorageOpt"}


def outcome(start: Start) -> str:
    """``carried out``, or the kind of the refusal.

    Raises:
        AssertionError: Something that must hold does not.
    """
    _check_audit(start)
    try:
        body = carried_out(start)
    except BerthError as error:
        _check_refusal(error)
        return error.kind
    _check_request(start, body)
    return "carried out"


def _check_audit(start: Start) -> None:
    """The last gate finds nothing in any plan that only the user's word made, whatever it is."""
    try:
        plan = start.plan()
    except BerthError:
        return
    if all(breach.level != "user" for breach in plan.breaches):
        request_of(plan)


def _check_refusal(error: BerthError) -> None:
    assert error.kind not in ("internal-error", "request-refused"), error.message
    assert error.message
    assert all(line.isprintable() for line in error.message.splitlines()), repr(error.message)
    assert ENVIRONMENT["SECRET_ONE"] not in str(error)


def _check_request(start: Start, body: dict[str, Any]) -> None:
    host = body["HostConfig"]
    assert not NEVER & host.keys()
    assert "Env" not in body
    assert (host["Privileged"], host["CapDrop"], host["SecurityOpt"]) == (False, ["ALL"], ["no-new-privileges"])
    assert not host.get("NetworkMode", "").startswith("container:")
    assert all("docker.sock" not in mount["Source"] and mount["Source"] != "/" for mount in host["Mounts"])
    if set(start.layers) & {"user"} or start.request:
        return
    assert not USERS_ONLY & host.keys()
    assert host.get("NetworkMode", "") in ("", "default", "bridge", "none")
    sources = [mount["Source"] for mount in host["Mounts"] if mount["Type"] == "bind"]
    assert all(source.startswith((str(WORKSPACE), "/state/accounts/")) for source in sources), sources
