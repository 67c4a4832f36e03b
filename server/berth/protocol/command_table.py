"""The table that dispatch, clients and docs are made from."""

from dataclasses import dataclass

from pydantic import BaseModel

from berth.protocol.commands import (
    DoctorResult,
    LogsArguments,
    LogsResult,
    NoArguments,
    Nothing,
    PromptArguments,
    PromptResult,
    RebuildArguments,
    RemoveArguments,
    ReplayArguments,
    ReplayResult,
    RespondArguments,
    SessionArguments,
    SessionList,
    SetOptionArguments,
    ShellResult,
    SnapshotResult,
    StartArguments,
    StopArguments,
    TranscriptArguments,
    TranscriptResult,
)
from berth.protocol.housekeeping import (
    DiskArguments,
    DiskReport,
    LimitsResult,
    PruneArguments,
    PruneResult,
    SetLimitsArguments,
    WatchStatsArguments,
)
from berth.protocol.login import LoginArguments, LoginResult
from berth.protocol.model import Arguments
from berth.protocol.plans import PlanArguments, PlanResult, ToggleArguments, ToggleResult
from berth.protocol.profiles import (
    AddProfileArguments,
    CopyProfileArguments,
    ProfileEdited,
    ProfilesArguments,
    ProfilesResult,
    RemoveProfileArguments,
    RenameProfileArguments,
    SetDefaultProfileArguments,
)
from berth.protocol.session import SessionInfo
from berth.protocol.trust import TrustArguments, TrustResult


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table. ``method`` is the method of ``berth.host.commands.Commands`` that carries it out."""

    name: str
    title: str
    method: str
    arguments: type[Arguments]
    result: type[BaseModel]


COMMAND_TABLE = (
    Command("agent.start", "Start a session", "start", StartArguments, SessionInfo),
    Command("agent.prompt", "Send a prompt", "prompt", PromptArguments, PromptResult),
    Command("agent.cancel", "Cancel the running turn", "cancel", SessionArguments, Nothing),
    Command("agent.respond", "Answer a question", "respond", RespondArguments, Nothing),
    Command("agent.stop", "Stop a session", "stop", StopArguments, SessionInfo),
    Command("agent.restart", "Restart the agent in its container", "restart", SessionArguments, SessionInfo),
    Command("agent.rebuild", "Rebuild the container", "rebuild", RebuildArguments, SessionInfo),
    Command("agent.remove", "Remove a session", "remove", RemoveArguments, Nothing),
    Command("agent.list", "List sessions", "list", NoArguments, SessionList),
    Command("agent.snapshot", "Show a whole session", "snapshot", SessionArguments, SnapshotResult),
    Command("agent.replay", "Repeat events", "replay", ReplayArguments, ReplayResult),
    Command("agent.plan", "Explain what would run", "plan", PlanArguments, PlanResult),
    Command("agent.profiles", "List profiles and templates", "profiles", ProfilesArguments, ProfilesResult),
    Command("agent.addProfile", "Add a profile to a settings file", "add_profile", AddProfileArguments, ProfileEdited),
    Command("agent.copyProfile", "Copy a profile", "copy_profile", CopyProfileArguments, ProfileEdited),
    Command("agent.renameProfile", "Rename a profile", "rename_profile", RenameProfileArguments, ProfileEdited),
    Command("agent.removeProfile", "Remove a profile", "remove_profile", RemoveProfileArguments, ProfileEdited),
    Command(
        "agent.setDefaultProfile",
        "Set the default profile",
        "set_default_profile",
        SetDefaultProfileArguments,
        ProfileEdited,
    ),
    Command("agent.logs", "Show raw output", "logs", LogsArguments, LogsResult),
    Command("agent.shell", "Open a shell", "shell", SessionArguments, ShellResult),
    Command("agent.setOption", "Change a mode or option", "set_option", SetOptionArguments, Nothing),
    Command("agent.transcript", "Show the transcript", "transcript", TranscriptArguments, TranscriptResult),
    Command("agent.trust", "Show or take back what workspaces were allowed", "trust", TrustArguments, TrustResult),
    Command("agent.login", "Log in to an agent", "login", LoginArguments, LoginResult),
    Command("agent.toggle", "Switch between container and host", "toggle", ToggleArguments, ToggleResult),
    Command("agent.doctor", "Check this machine", "doctor", NoArguments, DoctorResult),
    Command("agent.watchStats", "Follow what a session uses", "watch_stats", WatchStatsArguments, Nothing),
    Command("agent.setLimits", "Change a running session's limits", "set_limits", SetLimitsArguments, LimitsResult),
    Command("agent.disk", "Show what is on the disk", "disk", DiskArguments, DiskReport),
    Command("agent.prune", "Remove what nobody needs", "prune", PruneArguments, PruneResult),
)
"""Every command there is."""
