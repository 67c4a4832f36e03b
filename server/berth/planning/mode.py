"""Whether a session runs in a container, and what to say where it cannot."""

from dataclasses import dataclass, replace

from berth.errors import BerthError, SettingsError
from berth.planning.reason import Reason
from berth.planning.reasons import built_in, reason, requested
from berth.protocol.plans import PlanArguments
from berth.protocol.session import Mode
from berth.settings.settings import Settings

_NEEDS_ENGINE = frozenset({"engine-unreachable", "engine-permission"})
_TOGGLE = "agent.toggle runs agents of this workspace without a container instead, with all of your rights."


@dataclass(frozen=True, slots=True)
class ChosenMode:
    """Where a session runs, and why."""

    mode: Mode
    reason: Reason


def choose_mode(settings: Settings, request: PlanArguments, toggled: Mode | None) -> ChosenMode:
    """The request's mode, else what was toggled for the workspace, else the settings'. Never the engine's state.

    Raises:
        SettingsError: ``bad-settings``: somebody who is not the user wants agents out of their container.
    """
    if request.mode:
        return ChosenMode(request.mode, reason(requested("mode")))
    if toggled:
        return ChosenMode(toggled, Reason("user", "agent.toggle", "toggled for this workspace"))
    written = settings.mode
    if written is None:
        return ChosenMode("container", built_in("nobody said otherwise"))
    if written.value == "host" and not written.origin.trusted:
        raise SettingsError(
            "bad-settings",
            f"berth.mode may be set to host by the user's own settings only ({written.origin.place}).",
            "Write it in the user's settings file, or use agent.toggle.",
        )
    return ChosenMode(written.value, reason(written.origin))


def with_way_out(error: BerthError) -> BerthError:
    """The error with the other mode in its hint, where an engine cannot be used. Berth never takes it unasked."""
    if error.kind not in _NEEDS_ENGINE or _TOGGLE in error.hint:
        return error
    return replace(error, hint=f"{error.hint} {_TOGGLE}".strip())
