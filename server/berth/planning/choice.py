"""Which profile and which agent, before anything else is decided."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from berth.agents.catalog import KNOWN_AGENTS, KnownAgent
from berth.errors import SettingsError
from berth.planning.docker_args.args import DockerArgs, docker_args
from berth.planning.reason import Reason
from berth.planning.reasons import built_in, reason, requested
from berth.protocol.plans import PlanArguments
from berth.settings.origin import Sourced
from berth.settings.problems import did_you_mean
from berth.settings.settings import AgentSettings, Profile, Settings
from berth.settings.texts import LoginScope, ShareName


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen profile (None: none) and agent, and why. ``custom_command``: the command is from the settings.

    ``volumes`` are the profile's and the request's, ``share`` what of the user's own is shown to the agent, ``login``
    who shares its login.

    ``docker_args`` are the flags of ``devcontainer.json``, the profile and the request. ``borrowed`` is why a profile
    that has the user's own word in it is used, where the workspace chose or extends it.
    """

    profile: Profile | None
    profile_reason: Reason
    agent: KnownAgent
    agent_reason: Reason
    command_reason: Reason = field(default_factory=lambda: built_in("Berth's own"))
    forward_env: tuple[Sourced[str], ...] = ()
    custom_command: bool = False
    volumes: tuple[Sourced[str], ...] = ()
    share: tuple[Sourced[ShareName], ...] = ()
    docker_args: DockerArgs = field(default_factory=DockerArgs)
    borrowed: Reason | None = None
    login: Sourced[LoginScope] | None = None


def choose(settings: Settings, request: PlanArguments) -> Choice:
    """Picks profile and agent: the request's, else the profile's, else the settings'.

    Raises:
        SettingsError: ``unknown-profile`` or ``unknown-agent``, with the names that exist; ``bad-docker-args``.
    """
    profile, profile_reason = _profile(settings, request)
    wanted = _wanted_agent(settings, request, profile)
    changes = settings.agents.get(wanted.value)
    agent = _changed(_known(wanted, settings), changes)
    return Choice(
        profile=profile,
        profile_reason=profile_reason,
        agent=agent,
        agent_reason=reason(wanted.origin),
        command_reason=_command_reason(changes),
        forward_env=changes.forward_env if changes else (),
        custom_command=changes is not None and changes.command is not None,
        volumes=(*(profile.volumes if profile else ()), *_mounts(request)),
        share=(*settings.share, *(profile.share if profile else ())),
        docker_args=docker_args(settings.project, profile, request),
        borrowed=_borrowed(profile, profile_reason),
        login=settings.login,
    )


def _mounts(request: PlanArguments) -> Iterable[Sourced[str]]:
    return (Sourced(mount, requested(f"mounts[{index}]")) for index, mount in enumerate(request.mounts))


def _profile(settings: Settings, request: PlanArguments) -> tuple[Profile | None, Reason]:
    wanted = Sourced(request.profile, requested("profile")) if request.profile else settings.default_profile
    if wanted is None:
        return None, built_in("no profile was named")
    profile = settings.profiles.get(wanted.value)
    if profile is None:
        message, hint = _absent("profile", wanted, settings.profiles)
        raise SettingsError("unknown-profile", message, hint)
    why = f"extends {', '.join(reversed(profile.inherits))}" if profile.inherits else ""
    return profile, reason(wanted.origin, why)


def _borrowed(profile: Profile | None, profile_reason: Reason) -> Reason | None:
    """What the user wrote in a profile was meant for those whom the user gives it to, not for any workspace."""
    if profile is None or not profile.has_trusted_part:
        return None
    if not profile_reason.trusted:
        return profile_reason
    return None if profile.origin.trusted else reason(profile.origin)


def _wanted_agent(settings: Settings, request: PlanArguments, profile: Profile | None) -> Sourced[str]:
    if request.agent:
        return Sourced(request.agent, requested("agent"))
    return profile.agent if profile and profile.agent else settings.agent


def _known(wanted: Sourced[str], settings: Settings) -> KnownAgent:
    known = KNOWN_AGENTS.get(wanted.value)
    if known is not None:
        return known
    custom = settings.agents.get(wanted.value)
    if custom is None:
        message, hint = _absent("agent", wanted, {*KNOWN_AGENTS, *settings.agents})
        raise SettingsError("unknown-agent", message, hint)
    if custom.command is None:
        raise SettingsError(
            "bad-settings",
            f"berth.agents.{custom.name} has no command ({custom.origin.place}).",
            f"Berth knows no agent “{custom.name}”: write its command there.",
        )
    return KnownAgent(custom.name, custom.name, custom.command.value, "acp")


def _changed(agent: KnownAgent, changes: AgentSettings | None) -> KnownAgent:
    if changes is None:
        return agent
    return replace(
        agent,
        argv=changes.command.value if changes.command else agent.argv,
        dialect=changes.dialect.value if changes.dialect else agent.dialect,
        home=changes.home.value if changes.home else agent.home,
    )


def _command_reason(changes: AgentSettings | None) -> Reason:
    """Why the program, its dialect and its home are what they are: of several authors the least trusted."""
    written = [changes.command, changes.dialect, changes.home] if changes else []
    origins = sorted((part.origin for part in written if part is not None), key=lambda origin: origin.trusted)
    return reason(origins[0]) if origins else built_in("Berth's own")


def _absent(what: str, wanted: Sourced[str], known: Iterable[str]) -> tuple[str, str]:
    """The sentence and the hint about a name that means nothing."""
    names = sorted(known)
    shown = "".join(c if c.isprintable() else "?" for c in wanted.value[:60])
    place = f" ({wanted.origin.place})" if wanted.origin.layer != "request" else ""
    listed = ", ".join(names[:20]) + (", …" if len(names) > 20 else "") if names else "none"
    sentence = f"There is no {what} “{shown}”{place}{did_you_mean(wanted.value, names)}."
    return sentence, f"Known {what}s: {listed}."
