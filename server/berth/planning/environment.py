"""The agent's environment: every level in its order, each variable with the reason it has its value.

Highest first: the request's ``env``, the request's env file, the profile's ``env``, the profile's env file,
``devcontainer.json``, the default env file, the project's ``.env``, what is forwarded from the editor, what the agent
needs by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from berth.errors import InvalidArguments
from berth.planning.authority import authority_variables
from berth.planning.choice import Choice
from berth.planning.devcontainers import container_variables
from berth.planning.docker_args.variables import absent_variables, asked_file, asked_variables
from berth.planning.environment_files import (
    EnvironmentFile,
    EnvironmentFiles,
    environment_files,
    named_files,
    unread_notes,
)
from berth.planning.facts import Facts, LocalFacts
from berth.planning.forwarding import forwarded, git_identity
from berth.planning.named_volumes import volume_variables
from berth.planning.paths import Places
from berth.planning.plan import NamedFile, Variable
from berth.planning.reasons import built_in, reason, requested
from berth.planning.reserved import is_reserved, require_settable
from berth.planning.supplied import Supplied
from berth.planning.this_machine import endpoints_from_inside
from berth.protocol.plans import PlanArguments
from berth.settings.environment_files import EnvironmentEntry, bad_environment_file, parse_environment
from berth.settings.settings import Profile, Settings
from berth.settings.texts import MAX_VALUE

_NOT_FROM_PROJECT = frozenset({"HOME", "PATH"})
"""What a ``.env`` that nobody named does not change: the folder logins are in, and where programs are found."""


@dataclass(frozen=True, slots=True)
class PlannedEnvironment:
    """The variables by name, notes, and the env files that were named."""

    variables: tuple[Variable, ...]
    notes: tuple[str, ...]
    files: tuple[NamedFile, ...] = ()


def plan_environment(settings: Settings, request: PlanArguments, choice: Choice, *, facts: Facts) -> PlannedEnvironment:
    """Decides every variable.

    Raises:
        SettingsError: ``bad-env-file`` or ``reserved-variable``.
        InvalidArguments: A value of the request cannot be a variable's.
    """
    files = environment_files(settings, request, choice, places=Places(facts.workspace.path, facts.environment))
    from_editor, forwarding_notes = forwarded(settings, request, choice, environment=facts.environment)
    from_project, project_notes = project_variables(files.project, facts)
    levels: Sequence[Iterable[Supplied]] = (
        _own(choice, facts),
        git_identity(facts.git_identity),
        from_editor,
        from_project,
        file_variables(files.default, facts),
        container_variables(settings.project),
        file_variables(files.profile, facts),
        *_asked_files(files, facts, of_request=False),
        profile_variables(choice.profile),
        asked_variables(choice.docker_args, facts, of_request=False),
        file_variables(files.request, facts),
        *_asked_files(files, facts, of_request=True),
        asked_variables(choice.docker_args, facts, of_request=True),
        request_variables(request),
    )
    variables, dropped = merged(levels)
    variables, endpoint_notes = endpoints_from_inside(variables)
    notes = (*forwarding_notes, *project_notes, *endpoint_notes)
    return PlannedEnvironment(
        variables,
        (*unread_notes(settings, files), *notes, *absent_variables(choice.docker_args, facts), *dropped),
        named_files(files),
    )


def merged(levels: Iterable[Iterable[Supplied]]) -> tuple[tuple[Variable, ...], list[str]]:
    """Puts levels above one another, lowest first; answers the variables by name, and notes."""
    by_name = {supplied.name: supplied for level in levels for supplied in level}
    # A variable of the editor that is not UTF-8 cannot be written to the launcher.
    broken = [supplied.name for supplied in by_name.values() if not _is_text(supplied.value)]
    notes = [f"{name} is left out: its value is not valid UTF-8." for name in sorted(broken)]
    kept = [by_name[name] for name in sorted(by_name.keys() - set(broken))]
    return tuple(
        Variable(
            name=supplied.name,
            value=supplied.value,
            reason=supplied.reason,
            forwarded=supplied.forwarded,
            taken_from=supplied.taken_from,
            expands=supplied.expands,
        )
        for supplied in kept
    ), notes


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _own(choice: Choice, facts: Facts) -> Iterable[Supplied]:
    agent = choice.agent
    yield Supplied("HOME", agent.home, built_in("where the agent's volume is"))
    for name, value in authority_variables(facts.ca_file).items():
        yield Supplied(name, value, built_in("this network inspects TLS"))
    for name, (value, why) in volume_variables(choice).items():
        yield Supplied(name, value, built_in(why))
    for name, value in agent.environment.items():
        yield Supplied(name, value, built_in(f"{agent.title} needs it in a container"))


def project_variables(file: EnvironmentFile | None, facts: LocalFacts) -> tuple[list[Supplied], list[str]]:
    """The project's own ``.env``. Nobody named it, so what it may not set is left out with a note."""
    supplied: list[Supplied] = []
    left_out: list[str] = []
    if file is None:
        return supplied, left_out
    for name, entry in _parsed(file, facts):
        if is_reserved(name) or name in _NOT_FROM_PROJECT:
            left_out.append(name)
        else:
            supplied.append(Supplied(name, entry.value, file.reason(entry.line)))
    notes = [f"{name} of {file.path} is left out: a project may not set it for the agent." for name in left_out]
    return supplied, notes


def file_variables(file: EnvironmentFile | None, facts: LocalFacts) -> Iterable[Supplied]:
    """What a named env file sets; nothing where it may not be looked at.

    Raises:
        SettingsError: ``bad-env-file`` or ``reserved-variable``.
    """
    if file is None or not file.is_readable:
        return
    for name, entry in _parsed(file, facts):
        require_settable(name, f"{file.path}:{entry.line}")
        yield Supplied(name, entry.value, file.reason(entry.line))


def _asked_files(files: EnvironmentFiles, facts: Facts, *, of_request: bool) -> list[Iterable[Supplied]]:
    asked = (file for file in files.docker_args if (file.origin.layer == "request") == of_request)
    return [asked_file(file, facts) for file in asked]


def _parsed(file: EnvironmentFile, facts: LocalFacts) -> Iterable[tuple[str, EnvironmentEntry]]:
    text = facts.files.get(file.path)
    if text is not None:
        return parse_environment(text, str(file.path)).items()
    if file.required:
        place = f" ({file.origin.place})" if file.origin.layer != "request" else ""
        raise bad_environment_file(
            str(file.path),
            f"is no file that exists, and it is the {file.what}{place}",
            "Create the file or correct its path.",
        )
    return ()


def profile_variables(profile: Profile | None) -> Iterable[Supplied]:
    """What the profile sets by itself.

    Raises:
        SettingsError: ``reserved-variable``.
    """
    for name, value in (profile.env if profile else {}).items():
        require_settable(name, value.origin.place)
        yield Supplied(name, value.value, reason(value.origin))


def request_variables(request: PlanArguments) -> Iterable[Supplied]:
    """What the request sets.

    Raises:
        InvalidArguments: A value cannot be a variable's.
        SettingsError: ``reserved-variable``.
    """
    for name, value in request.env.items():
        if "\0" in value or len(value) > MAX_VALUE or not _is_text(value):
            raise InvalidArguments("invalid-arguments", f"env.{name} is too long or has a NUL or a broken character.")
        require_settable(name, "the request")
        yield Supplied(name, value, reason(requested(f"env.{name}")))
