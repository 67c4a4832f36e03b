"""A session's container beside the one of its line of ``docker run``, and the argued list of what may differ."""

from collections.abc import Mapping
from typing import Any

from berth.engine.launcher import launch_command
from tests.engine.docker_fields import fields
from tests.engine.docker_twin import Pair

DIFFERENT: Mapping[str, str] = {
    "Config.AttachStdin": "who runs the line is attached; Berth attaches by a call of its own",
    "Config.AttachStdout": "as for stdin",
    "Config.AttachStderr": "as for stdin",
    "Config.StdinOnce": "the agent of a line ends with whoever runs it; a session's outlives its editor",
    "Config.Cmd": "the agent's command; a session's launcher gets it over stdin",
    "Config.Entrypoint": "as for the command",
    "Config.Env": "a session's launcher gets the variables over stdin, so that no inspect shows them",
    "Config.Labels": "without Berth's own, or the container would be taken for a session",
    "HostConfig.AutoRemove": "nobody comes back to the container of a line",
}
"""The only fields that differ, and why."""


def differences(pair: Pair) -> dict[str, tuple[Any, Any]]:
    """The fields that are not equal and not on the list, with Berth's value and the line's."""
    berth, line = _exact(pair.berth), _exact(pair.cli)
    names = sorted({*berth, *line} - DIFFERENT.keys())
    return {name: (berth.get(name), line.get(name)) for name in names if berth.get(name) != line.get(name)}


def _exact(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The fields; of mounts all that the request said, which says whether a volume is filled from the image, too."""
    host = answer["HostConfig"]
    parts = {
        **{f"mount {mount['Target']}": _said(mount) for mount in host.get("Mounts") or ()},
        "HostConfig.Ulimits": {limit["Name"]: limit for limit in host.get("Ulimits") or ()},
        "HostConfig.DeviceRequests": [_said(request) for request in host.get("DeviceRequests") or ()],
    }
    return {**fields(answer), **parts}


def _said(part: Any) -> Any:
    """What a part of a request says: nothing, empty and off are the same."""
    if not isinstance(part, dict):
        return part
    return {name: said for name, value in part.items() if (said := _said(value))}


def argued(pair: Pair) -> None:
    """Holds the fields that differ to what the list says of them."""
    berth, line, plan = pair.berth["Config"], pair.cli["Config"], pair.plan
    assert (berth["Entrypoint"] + berth["Cmd"]) == list(launch_command())
    assert line["Entrypoint"] in (None, [""], [])
    assert line["Cmd"] == list(plan.agent.argv)
    own = {name: text for name, text in (berth["Labels"] or {}).items() if name.split(".")[:2] != ["dev", "berth"]}
    assert (line["Labels"] or {}) == own
    assert (line["AttachStdin"], line["AttachStdout"], line["AttachStderr"]) == (True, True, True)
    assert pair.cli["HostConfig"]["AutoRemove"] is True
    assert line["Tty"] is berth["Tty"] is False
