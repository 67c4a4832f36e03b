"""The variables of ``--env`` and ``--env-file``. They go to the agent as all others do, not into the request."""

import re
from collections.abc import Iterable, Iterator

from berth.planning.docker_args.args import DockerArgs
from berth.planning.docker_args.given import Given, bad_args, bad_flag
from berth.planning.environment_files import EnvironmentFile
from berth.planning.facts import Facts
from berth.planning.reasons import reason
from berth.planning.reserved import MACHINE_BOUND, require_settable
from berth.planning.supplied import Supplied
from berth.settings.environment_files import bad_environment_file
from berth.settings.texts import MAX_VALUE

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def asked_variables(args: DockerArgs, facts: Facts, *, of_request: bool) -> Iterator[Supplied]:
    """The variables of ``--env``; a bare name takes the editor's value, if it has one.

    Args:
        args: The flags.
        facts: Has the editor's environment.
        of_request: Whether those of the request are wanted, or the profile's.

    Raises:
        SettingsError: ``bad-docker-args`` or ``reserved-variable``.
    """
    for given in args.all("env"):
        if (given.origin.layer == "request") != of_request:
            continue
        name, has_value, value = given.value.partition("=")
        _check(given, name, value)
        if has_value:
            yield Supplied(name, value, reason(given.origin, "--env"))
        elif name in facts.environment:
            _check_forwarded(given, name)
            why = "--env, from the editor's environment"
            yield Supplied(name, facts.environment[name], reason(given.origin, why), forwarded=True)


def asked_file(file: EnvironmentFile, facts: Facts) -> Iterable[Supplied]:
    """The variables of a file of ``--env-file``: lines as the Docker CLI reads them, quotes and all.

    Raises:
        SettingsError: ``bad-env-file`` or ``reserved-variable``.
    """
    if not file.is_readable:
        return
    text, place = facts.files.get(file.path), str(file.path)
    if text is None:
        raise bad_environment_file(place, "is no file that exists, and dockerArgs names it", "Correct its path.")
    # Only line feeds end a line here; str.splitlines knows more.
    lines = (line.removesuffix("\r").lstrip() for line in text.removeprefix("\ufeff").split("\n"))
    for number, line in enumerate(lines, start=1):
        if not line or line.startswith("#"):
            continue
        name, has_value, value = line.partition("=")
        if not has_value or not _NAME.fullmatch(name) or "\0" in value:
            raise bad_environment_file(f"{place}:{number}", "is not of the form NAME=value", "Correct the line.")
        require_settable(name, f"{place}:{number}")
        yield Supplied(name, value, file.reason(number))


def absent_variables(args: DockerArgs, facts: Facts) -> list[str]:
    """Notes about bare names that the editor has no value for."""
    bare = [given.value for given in args.all("env") if "=" not in given.value]
    return [f"{name} is left out: the editor's environment has none." for name in bare if name not in facts.environment]


def _check(given: Given, name: str, value: str) -> None:
    if not _NAME.fullmatch(name):
        raise bad_flag(given, "has no name before the equals sign that a variable can have")
    if "\0" in value or len(value) > MAX_VALUE:
        raise bad_args(f"--env {name}", given.origin, "has a value that is too long or has a NUL in it")
    require_settable(name, given.origin.place)


def _check_forwarded(given: Given, name: str) -> None:
    if name in MACHINE_BOUND and not given.origin.trusted:
        raise bad_args(f"--env {name}", given.origin, "means something on this machine only")
