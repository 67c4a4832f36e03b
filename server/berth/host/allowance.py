"""The trust store as sessions see it: asked in worker threads, since it reads files."""

from anyio import to_thread

from berth.host.trust import Trust
from berth.planning.breach import Consent
from berth.planning.host_plan import AnyPlan


class Allowance:
    """See :class:`berth.sessions.leave.Allowed`."""

    def __init__(self, trust: Trust) -> None:
        """Looks into one store."""
        self._trust = trust

    async def allows(self, plan: AnyPlan) -> bool:
        """Whether the plan needs no yes, or has it."""
        if plan.consent is None:
            return True
        return await to_thread.run_sync(self._trust.allows, plan.workspace, plan.consent)

    async def earlier(self, plan: AnyPlan) -> tuple[str, ...]:
        """The lines of the newest yes to this workspace; empty when there is none."""
        grants = await to_thread.run_sync(self._trust.grants, plan.workspace)
        return (*grants[-1].asks, *grants[-1].receives) if grants else ()

    async def allow(self, plan: AnyPlan, consent: Consent) -> None:
        """Keeps a yes."""
        await to_thread.run_sync(self._trust.allow, plan.workspace, consent)
