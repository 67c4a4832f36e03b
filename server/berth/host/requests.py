"""How sessions were asked for, so that they can be planned again from any connection."""

from collections.abc import Sequence

from berth.errors import SessionError
from berth.planning.host_plan import AnyPlan
from berth.planning.labels import fingerprint, shape
from berth.protocol.commands import StartArguments
from berth.sessions.session import Session


class Requests:
    """The requests of one host's sessions."""

    def __init__(self) -> None:
        """Nothing was asked for."""
        self._started: dict[str, StartArguments] = {}
        self._forgotten: dict[str, Sequence[str]] = {}

    def keep(self, session: str, started: StartArguments, forgotten: Sequence[str] = ()) -> None:
        """Keeps a request. ``forgotten`` is what of it is no longer known: values that were written nowhere."""
        self._started[session], self._forgotten[session] = started, forgotten

    def of(self, session: str) -> StartArguments:
        """The request of a session."""
        return self._started[session]

    def forget(self, session: str) -> None:
        """The session is gone."""
        self._started.pop(session, None)
        self._forgotten.pop(session, None)

    async def check_same(self, session: Session, plan: AnyPlan) -> None:
        """Lets a plan pass with which the session's container can be started again.

        Raises:
            SessionError: ``plan-changed``, saying what did.
            EngineError: The engine does not answer.
        """
        label = await session.housing.plan_label()
        if plan.mode != "container" or label in (None, fingerprint(plan)):
            return
        before = shape(session.plan) if session.plan.mode == "container" else {}
        after = shape(plan)
        if before == after:  # its limits were changed while it ran, and the container's with them
            return
        changed = ", ".join(name for name in after if after[name] != before.get(name)) or "the plan"
        forgotten = self._forgotten.get(session.info.id)
        lost = f" Berth did not keep {' and '.join(forgotten)}." if forgotten else ""
        raise SessionError(
            "plan-changed",
            f"{session.info.name} would be another container now: {changed} changed.{lost}",
            "Rebuild the session: it gets a new container, and its conversation goes on.",
        )
