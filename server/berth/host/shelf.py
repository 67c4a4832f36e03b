"""Which spares wait, which are wished for and which are to go. No I/O, and no clock of its own."""

import math
from collections.abc import Callable

from berth.host.spare import Spare, Wish
from berth.planning.plan import ContainerPlan


class Shelf:
    """The spares of a host. ``leaving`` are those to be removed."""

    def __init__(self) -> None:
        """Empty."""
        self.waiting: list[Spare] = []
        self.leaving: list[Spare] = []
        self._wishes: list[Wish] = []

    @property
    def is_wished_for(self) -> bool:
        """Whether one is to be made."""
        return bool(self._wishes)

    def wish(self, wish: Wish) -> None:
        """Another one is wanted. What waits for the same place in another shape was made of what is no longer so."""
        self.drop(lambda other: other.place == wish.place and other.shape != wish.shape)
        self._wishes.append(wish)

    def forget(self, wish: Wish) -> None:
        """It is wished for no longer."""
        self._wishes = [other for other in self._wishes if other is not wish]

    def drop(self, is_meant: Callable[[Wish], bool]) -> None:
        """Takes wishes back, and what was made for them."""
        self._wishes = [wish for wish in self._wishes if not is_meant(wish)]
        self._let_go(lambda spare: is_meant(spare.wish))

    def next_wish(self) -> Wish | None:
        """The newest wish that there is not enough for yet; those that are fulfilled are forgotten."""
        while self._wishes:
            wish = self._wishes[-1]
            if self._count(wish) < min(wish.rule.count, wish.rule.total):
                return wish
            self._wishes.pop()
        return None

    def make_room(self, wish: Wish) -> None:
        """The oldest of other shapes go, so that one more is within the total."""
        others = [spare for spare in self.waiting if spare.wish.shape != wish.shape]
        excess = len(self.waiting) + 1 - wish.rule.total
        self._let_go(lambda spare: spare in others[: max(excess, 0)])

    def add(self, spare: Spare) -> None:
        """One is up and waits, unless it is no longer wished for."""
        is_wished = any(wish is spare.wish for wish in self._wishes)
        (self.waiting if is_wished else self.leaving).append(spare)

    def find(self, container: ContainerPlan, *, now: float) -> Spare | None:
        """The oldest that waits for this container, of whatever image."""
        fitting = (
            spare for spare in self.waiting if spare.wish.shape.container == container and spare.expires_at > now
        )
        return next(fitting, None)

    def take(self, spare: Spare) -> None:
        """One is being handed over."""
        self.waiting.remove(spare)

    def expire(self, now: float) -> None:
        """Lets go of those whose time is over."""
        self._let_go(lambda spare: spare.expires_at <= now)

    def next_expiry(self) -> float:
        """When the next one expires."""
        return min((spare.expires_at for spare in self.waiting), default=math.inf)

    def _count(self, wish: Wish) -> int:
        return sum(spare.wish.shape == wish.shape for spare in self.waiting)

    def _let_go(self, is_meant: Callable[[Spare], bool]) -> None:
        meant = [spare for spare in self.waiting if is_meant(spare)]
        self.waiting = [spare for spare in self.waiting if spare not in meant]
        self.leaving += meant
