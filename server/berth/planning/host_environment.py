"""The agent's variables without a container: the levels of :mod:`berth.planning.environment` that mean something there.

What is not among them the program inherits from the editor, as everything that the user starts there does. Nothing is
rewritten: this machine's loopback address is the agent's too.
"""

from collections.abc import Iterable, Iterator

from berth.planning.choice import Choice
from berth.planning.environment import (
    PlannedEnvironment,
    file_variables,
    merged,
    profile_variables,
    project_variables,
    request_variables,
)
from berth.planning.environment_files import EnvironmentFile, environment_files, named_files, unread_notes
from berth.planning.facts import LocalFacts
from berth.planning.host_reserved import is_reserved_on_host, require_settable_on_host
from berth.planning.paths import Places
from berth.planning.reasons import built_in
from berth.planning.supplied import Supplied
from berth.protocol.plans import PlanArguments
from berth.settings.settings import Profile, Settings


def plan_host_environment(
    settings: Settings, request: PlanArguments, choice: Choice, *, facts: LocalFacts
) -> PlannedEnvironment:
    """Decides every variable that is set above the inherited ones.

    Raises:
        SettingsError: ``bad-env-file`` or ``reserved-variable``.
        InvalidArguments: A value of the request cannot be a variable's.
    """
    files = environment_files(settings, request, choice, places=Places(facts.workspace.path, facts.environment))
    from_project, notes = _project(files.project, facts)
    variables, dropped = merged(
        (
            _own(choice),
            from_project,
            _file(files.default, facts),
            _file(files.profile, facts),
            _profile(choice.profile),
            _file(files.request, facts),
            request_variables(request),
        )
    )
    return PlannedEnvironment(variables, (*unread_notes(settings, files), *notes, *dropped), named_files(files))


def _own(choice: Choice) -> Iterable[Supplied]:
    for name, value in choice.agent.host_environment.items():
        yield Supplied(name, value, built_in(f"so that {choice.agent.title} asks before it acts"))


def _project(file: EnvironmentFile | None, facts: LocalFacts) -> tuple[list[Supplied], list[str]]:
    supplied, notes = project_variables(file, facts)
    if file is None:
        return supplied, notes
    refused = [variable.name for variable in supplied if is_reserved_on_host(variable.name)]
    notes += [f"{name} of {file.path} is left out: a project may not set it without a container." for name in refused]
    return [variable for variable in supplied if variable.name not in refused], notes


def _file(file: EnvironmentFile | None, facts: LocalFacts) -> Iterator[Supplied]:
    for variable in file_variables(file, facts):
        if file is not None:
            require_settable_on_host(variable.name, str(file.path), trusted=file.trusted)
        yield variable


def _profile(profile: Profile | None) -> Iterable[Supplied]:
    for name, value in (profile.env if profile else {}).items():
        require_settable_on_host(name, value.origin.place, trusted=value.origin.trusted)
    return profile_variables(profile)
