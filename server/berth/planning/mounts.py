"""What of the host, and which volumes, are in the container."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from berth.agents.catalog import KnownAgent
from berth.errors import SettingsError
from berth.planning.accounts import accounts_files, accounts_folder
from berth.planning.authority import authority_mounts
from berth.planning.choice import Choice
from berth.planning.docker_args.mounts import asked_volumes
from berth.planning.facts import Facts
from berth.planning.login import home_volume
from berth.planning.named_volumes import named_volumes
from berth.planning.paths import Places
from berth.planning.plan import Mount, MountPoint, User
from berth.planning.protection import protection
from berth.planning.reasons import built_in
from berth.planning.shares import check_shares
from berth.planning.volume_mounts import volume_mount
from berth.planning.volumes import Volume, is_system_target, parse_volume
from berth.planning.workspace import ALIAS


@dataclass(frozen=True, slots=True)
class PlannedMounts:
    """The mounts, outer ones before inner ones, notes, and what must be there for the mounts."""

    mounts: tuple[Mount, ...]
    notes: tuple[str, ...] = ()
    mount_points: tuple[MountPoint, ...] = ()


def plan_mounts(choice: Choice, *, facts: Facts, user: User) -> PlannedMounts:
    """Decides every mount.

    Raises:
        SettingsError: ``bad-mount``: a volume is malformed, missing, forbidden, or in the way of another mount.
    """
    places = Places(facts.workspace.path, facts.environment)
    volumes = parse_volumes(choice, places)
    check_shares(choice.share, facts.engine)
    workspace, notes = _workspace(facts)
    asked = [volume_mount(volume, facts) for volume in volumes]
    writable = [*workspace, *(mount for mount in asked if mount.type == "bind" and not mount.read_only)]
    own = (
        *workspace,
        Mount("volume", home_volume(choice, facts=facts, user=user), user.home, read_only=False, reason=_HOME),
        *_accounts(facts, user),
        *authority_mounts(facts.ca_file),
    )
    _check_home(choice.agent, workspace)
    _check_targets(own, zip(volumes, asked, strict=True))
    protected = protection(writable, facts)
    mounts = {mount.target: mount for mount in (*protected.mounts, *own, *asked)}
    ordered = sorted(mounts.values(), key=lambda mount: (mount.target.count("/"), mount.target))
    return PlannedMounts(tuple(ordered), (*notes, *protected.notes, *_ignored(volumes)), protected.mount_points)


def parse_volumes(choice: Choice, places: Places) -> list[Volume]:
    """The volumes of the profile and of ``dockerArgs``, before anything is looked at.

    Raises:
        SettingsError: ``bad-mount`` or ``bad-docker-args``.
    """
    asked = (parse_volume(written, places) for written in asked_volumes(choice.docker_args))
    return [*named_volumes(choice, places), *asked]


_HOME = built_in("the agent's HOME: logins and history survive rebuilds")


def _workspace(facts: Facts) -> tuple[list[Mount], list[str]]:
    path = str(facts.workspace.path)
    mounts = [Mount("bind", path, path, read_only=False, reason=built_in("the workspace at its own path"))]
    if path == ALIAS or path.startswith(ALIAS + "/"):
        # A mount inside the other would make a folder in the workspace on the host.
        return mounts, [] if path == ALIAS else [
            f"The workspace is not at {ALIAS} as well, since its own path is in there."
        ]
    return [*mounts, Mount("bind", path, ALIAS, read_only=False, reason=built_in(f"the workspace at {ALIAS}"))], []


def _accounts(facts: Facts, user: User) -> Iterable[Mount]:
    for name in accounts_files(user):
        source = facts.accounts_folder / accounts_folder(user) / name
        yield Mount("bind", str(source), f"/etc/{name}", read_only=True, reason=built_in("names the session's user"))


def _check_home(agent: KnownAgent, workspace: Iterable[Mount]) -> None:
    home = PurePosixPath(agent.home)
    if ".." in home.parts or home.root != "/" or is_system_target(home):
        raise SettingsError("bad-settings", f"{home} cannot be the HOME of {agent.name}.", f"Change {_home(agent)}.")
    if str(home) in {mount.target for mount in workspace}:
        raise SettingsError(
            "bad-mount", f"The workspace is at {home}, which is the HOME of {agent.name}.", f"Set {_home(agent)}."
        )


def _home(agent: KnownAgent) -> str:
    return f"berth.agents.{agent.name}.home"


def _check_targets(own: Sequence[Mount], asked: Iterable[tuple[Volume, Mount]]) -> None:
    taken = {mount.target: "Berth's own" for mount in own}
    for volume, mount in asked:
        present = taken.get(mount.target)
        if present is not None:
            raise SettingsError(
                "bad-mount",
                f"The volume for {mount.target} ({volume.origin.place}) is in the way of {present} mount there.",
                "Choose another target.",
            )
        taken[mount.target] = "another"


def _ignored(volumes: Iterable[Volume]) -> list[str]:
    return [
        f"The option {option} of the volume for {volume.target} does nothing here."
        for volume in volumes
        for option in volume.ignored
    ]
