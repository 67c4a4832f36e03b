"""What the user allowed, in memory."""

from collections.abc import Sequence

from berth.planning.breach import Consent
from berth.planning.host_plan import AnyPlan


class RememberedAllowance:
    """Allows what it was told to allow."""

    def __init__(self) -> None:
        self.kept: list[Consent] = []

    async def allows(self, plan: AnyPlan) -> bool:
        return plan.consent is None or plan.consent.digest in {consent.digest for consent in self.kept}

    async def earlier(self, plan: AnyPlan) -> Sequence[str]:
        del plan
        return (*self.kept[-1].asks, *self.kept[-1].receives) if self.kept else ()

    async def allow(self, plan: AnyPlan, consent: Consent) -> None:
        del plan
        self.kept.append(consent)
