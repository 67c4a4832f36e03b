"""What was decided for a session without a container. As secret as :mod:`berth.planning.plan`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from berth.planning.breach import Breach, Consent
from berth.planning.ends import Ends
from berth.planning.plan import AgentPlan, NamedFile, SessionPlan
from berth.planning.reason import BUILT_IN, Reason


@dataclass(frozen=True, slots=True)
class ProcessPlan:
    """The plain process that the agent's program is: it runs as the user, with all of the user's rights.

    ``inherited`` is the editor's whole environment, under the agent's variables. ``shell`` is the user's own, by path.
    """

    workdir: str
    inherited: Mapping[str, str] = field(repr=False)
    shell: str = "/bin/sh"


@dataclass(frozen=True, slots=True)
class HostSessionPlan:
    """Everything about one session without a container. ``time_limit`` in seconds from each start; None: for ever.

    ``idle_limit`` in seconds without a turn and without a question.
    ``borrowed``, ``breaches`` and ``consent`` are as in :class:`berth.planning.plan.SessionPlan`.
    """

    workspace: Path
    profile: str | None
    process: ProcessPlan
    agent: AgentPlan
    mode_reason: Reason
    profile_reason: Reason
    time_limit: float | None
    time_reason: Reason
    notes: tuple[str, ...] = ()
    borrowed: Reason | None = None
    env_files: tuple[NamedFile, ...] = ()
    breaches: tuple[Breach, ...] = ()
    consent: Consent | None = None
    policy_digest: str = ""
    mode: Literal["host"] = "host"
    idle_limit: float | None = None
    idle_reason: Reason = BUILT_IN
    ends: Ends = field(default_factory=Ends)

    @property
    def workdir(self) -> str:
        """The folder that the agent starts in."""
        return self.process.workdir


AnyPlan = SessionPlan | HostSessionPlan
"""A plan as a session carries it out; ``mode`` tells which it is."""
