"""Which env files a session takes, lowest priority first, before they are read."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from berth.planning.choice import Choice
from berth.planning.paths import Places, UnresolvedPath, file_path
from berth.planning.plan import NamedFile
from berth.planning.reason import Reason
from berth.planning.reasons import reason, requested
from berth.protocol.plans import PlanArguments
from berth.settings.environment_files import bad_environment_file
from berth.settings.origin import Origin, Sourced
from berth.settings.settings import Settings

PROJECT_FILE = ".env"

UNTRUSTED = "This workspace is not trusted in the editor: its settings are not read."


@dataclass(frozen=True, slots=True)
class EnvironmentFile:
    """An env file.

    Attributes:
        required: It was named, so it must exist.
        trusted: No repository can have written it.
        inside: It lies in the workspace.
    """

    path: Path
    origin: Origin
    required: bool
    trusted: bool
    what: str
    inside: bool = True

    @property
    def is_readable(self) -> bool:
        """Whether it may be looked at: a file outside the workspace only where the user names it."""
        return self.inside or self.origin.trusted

    def reason(self, line: int) -> Reason:
        """Why a variable has its value: because it is written in this line, and who named the file."""
        named = f", named in {self.origin.place}" if self.required and self.origin.layer != "request" else ""
        origin = replace(self.origin, place=f"{self.path}:{line}", trusted=self.trusted)
        return reason(origin, f"the {self.what}{named}")


@dataclass(frozen=True, slots=True)
class EnvironmentFiles:
    """The env files of a session by their level; None where there is none.

    ``left_out`` are those in a workspace that is not trusted: they are not read.
    """

    project: EnvironmentFile | None
    default: EnvironmentFile | None
    profile: EnvironmentFile | None
    request: EnvironmentFile | None
    docker_args: tuple[EnvironmentFile, ...] = ()
    left_out: tuple[EnvironmentFile, ...] = ()

    def all(self) -> tuple[EnvironmentFile, ...]:
        """Those that there are, lowest first."""
        own = (self.project, self.default, self.profile, self.request)
        return (*(file for file in own if file is not None), *self.docker_args)


def environment_files(
    settings: Settings, request: PlanArguments, choice: Choice, *, places: Places
) -> EnvironmentFiles:
    """Names the env files.

    Raises:
        SettingsError: ``bad-env-file``: a path cannot be resolved.
    """
    asked = Sourced(request.env_file, requested("envFile")) if request.env_file else None
    project = places.workspace / PROJECT_FILE
    files = EnvironmentFiles(
        project=EnvironmentFile(
            path=project,
            origin=Origin("workspace", str(project), trusted=False),
            required=False,
            trusted=False,
            what="project's .env",
        ),
        default=_named(settings.default_env_file, places, what="defaultEnvFile"),
        profile=_named(choice.profile.env_file, places, what="profile's envFile") if choice.profile else None,
        request=_named(asked, places, what="request's envFile"),
        docker_args=tuple(_asked(choice, places)),
    )
    return files if settings.workspace_trusted else _without(files)


def _without(files: EnvironmentFiles) -> EnvironmentFiles:
    """The env files less those in the workspace."""

    def outside(file: EnvironmentFile | None) -> EnvironmentFile | None:
        return None if file is None or file.inside else file

    named = (file for file in files.all() if file.required)
    return EnvironmentFiles(
        project=None,
        default=outside(files.default),
        profile=outside(files.profile),
        request=outside(files.request),
        docker_args=tuple(file for file in files.docker_args if outside(file)),
        left_out=tuple(file for file in named if not outside(file)),
    )


def unread_notes(settings: Settings, files: EnvironmentFiles) -> tuple[str, ...]:
    """What is not read since the workspace is not trusted, for the plan; nothing where it is."""
    if settings.workspace_trusted:
        return ()
    return (UNTRUSTED, *(f"{it.path}, the {it.what}, is in this workspace and is not read." for it in files.left_out))


def named_files(files: EnvironmentFiles) -> tuple[NamedFile, ...]:
    """The files that somebody named, for the plan."""
    return tuple(NamedFile(file.path, file.inside, reason(file.origin)) for file in files.all() if file.required)


def _asked(choice: Choice, places: Places) -> Iterator[EnvironmentFile]:
    for given in choice.docker_args.all("env-file"):
        file = _named(Sourced(given.value, given.origin), places, what="--env-file of dockerArgs")
        if file is None:
            raise bad_environment_file(given.origin.place, "has an --env-file without a name")
        yield file


def _named(written: Sourced[str] | None, places: Places, *, what: str) -> EnvironmentFile | None:
    if written is None or not written.value:
        return None
    try:
        path = file_path(written.value, places)
    except UnresolvedPath as error:
        raise bad_environment_file(written.origin.place, str(error)) from error
    inside = path.is_relative_to(places.workspace)
    trusted = written.origin.trusted and not inside
    return EnvironmentFile(path, written.origin, required=True, trusted=trusted, what=what, inside=inside)
