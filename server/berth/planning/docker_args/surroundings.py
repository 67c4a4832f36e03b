"""Flags that change what the plan decides by itself: names, user, folder, image, first program, log."""

import posixpath
import re
from dataclasses import replace

from berth.planning.docker_args.args import DockerArgs, read_value
from berth.planning.docker_args.given import bad_flag
from berth.planning.docker_args.scalars import one_of, size, text_value, whole
from berth.planning.facts import EngineFacts
from berth.planning.image_plan import ImagePlan
from berth.planning.plan import AgentPlan, User
from berth.planning.reasons import reason

_USER = re.compile(r"([0-9]{1,10}):([0-9]{1,10})")
_HIGHEST_ID = 2**31 - 1
_OWN_LABELS = "dev.berth"


def asked_user(args: DockerArgs, user: User) -> User:
    """The user with the asked ids.

    Raises:
        SettingsError: ``bad-docker-args``.
    """
    ids, given = args.value("user", _user), args.last("user")
    if ids is None or given is None:
        return user
    uid, gid = ids
    return User(uid, gid, "agent" if uid else "root", user.home, user.userns, reason(given.origin))


def asked_workdir(args: DockerArgs) -> str | None:
    """The agent's working folder in the container.

    Raises:
        SettingsError: ``bad-docker-args``.
    """
    return args.value("workdir", _workdir)


def asked_labels(args: DockerArgs) -> dict[str, str]:
    """Labels of one's own.

    Raises:
        SettingsError: ``bad-docker-args``.
    """
    return dict(args.values("label", _label))


def asked_log(args: DockerArgs) -> dict[str, str]:
    """``max-size`` and ``max-file`` of the container's log.

    Raises:
        SettingsError: ``bad-docker-args``.
    """
    return dict(args.values("log-opt", _log))


def asked_image(args: DockerArgs, image: ImagePlan, engine: EngineFacts) -> ImagePlan:
    """The image with the asked policy: ``--pull never`` pulls and builds nothing.

    Raises:
        SettingsError: ``bad-docker-args``: the policy or the platform is none that can be had.
    """
    for given in args.all("platform"):
        if not _is_native(read_value(given, text_value), engine):
            raise bad_flag(given, f"is not the engine's own platform, linux/{engine.architecture}")
    policy, given_pull = args.value("pull", one_of("always", "missing", "never")), args.last("pull")
    if policy == "always" and given_pull is not None:
        raise bad_flag(given_pull, "is not for every start: agent.rebuild with pull looks for a newer image")
    return replace(image, policy="never") if policy == "never" and image.policy == "auto" else image


def asked_agent(args: DockerArgs, agent: AgentPlan) -> AgentPlan:
    """The agent with the asked entrypoint before it. The launcher stays the container's main process.

    In a container of Berth's the agent's command stands where the words after the image stand in ``docker run``, so an
    entrypoint means what it means there: a program that is given the command.

    Raises:
        SettingsError: ``bad-docker-args``.
    """
    entrypoint = args.value("entrypoint", text_value)
    return replace(agent, argv=(entrypoint, *agent.argv)) if entrypoint else agent


def _user(text: str) -> tuple[int, int]:
    match = _USER.fullmatch(text)
    if match is None:
        raise ValueError("is not of the form uid:gid in numbers, which needs no look into the image")
    uid, gid = int(match[1]), int(match[2])
    if max(uid, gid) > _HIGHEST_ID:
        raise ValueError("is above the highest id")
    return uid, gid


def _workdir(text: str) -> str:
    path = posixpath.normpath(text)
    if not path.startswith("/") or path.startswith("//") or not path.isprintable():
        raise ValueError("is not an absolute path")
    return path


def _label(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if not name or re.search(r"\s", name) or not name.isprintable():
        raise ValueError("has no name, or one with spaces")
    if name == _OWN_LABELS or name.startswith(f"{_OWN_LABELS}."):
        raise ValueError("is one of Berth's own labels")
    return name, value


def _log(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if name == "max-size":
        if size(value) <= 0:
            raise ValueError("would keep nothing, or everything")
    elif name == "max-file":
        whole(1, 1000)(value)
    else:
        raise ValueError("is neither max-size nor max-file")
    return name, value


def _is_native(platform: str, engine: EngineFacts) -> bool:
    system, _, rest = platform.rpartition("/") if platform.count("/") == 0 else platform.partition("/")
    return (system or "linux", rest.partition("/")[0]) == ("linux", engine.architecture)
