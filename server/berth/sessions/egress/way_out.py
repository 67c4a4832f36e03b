"""One session's way out: opened with its container, closed with it, and a person asked about what is not listed."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from berth.agents.base import Answer
from berth.engine.base import ContainerFacts
from berth.errors import BerthError, EngineError
from berth.planning.container_options import Network, NetworkOptions
from berth.planning.host_plan import AnyPlan
from berth.planning.labels import LANE_LABEL
from berth.planning.network_ceilings import is_below
from berth.planning.network_plan import OPEN, NetworkPlan, PlannedHost
from berth.planning.plan import ContainerPlan, SessionPlan
from berth.planning.reasons import built_in
from berth.protocol.container_events import CredentialUsed, CredentialWithheld, NetworkAllowed, NetworkBlocked
from berth.protocol.events import Notice
from berth.protocol.session import InputRequest
from berth.sessions.egress.keys import with_keys
from berth.sessions.egress.network_question import (
    MOST_QUESTIONS,
    NO,
    ONCE_SECONDS,
    can_be_asked,
    network_question,
    setting,
)
from berth.sessions.egress.orders import Told, host_order, lacks_password, set_order
from berth.sessions.egress.ways import HOLD_SECONDS, Way, Ways
from berth.sessions.means import Means
from berth.sessions.record import Record

logger = logging.getLogger(__name__)

_SAID = built_in("a person said so")
_RUNNING = ("running", "paused", "restarting")


class Asker(Protocol):
    """Who asks a person while the agent goes on: the session's conversation."""

    def ask_aside(self, question: InputRequest, take: Callable[[Answer], None]) -> None:
        """Asks; ``take`` gets the answer, without an option when there was none."""
        ...


class WayOut:
    """The way out of one session; nothing where its network has no list."""

    def __init__(self, means: Means, record: Record) -> None:
        """Nothing is open."""
        self._means = means
        self._record = record
        self._way: Way | None = None
        self._plan = OPEN
        self._asker: Asker | None = None
        self._asked: set[tuple[str, int]] = set()
        self._yes: tuple[PlannedHost, ...] = ()
        self._no: tuple[PlannedHost, ...] = ()

    def speak_through(self, asker: Asker) -> None:
        """Who asks from now on."""
        self._asker = asker

    async def join(self, plan: SessionPlan) -> ContainerPlan:
        """The container that is to be made: it joins the network of a holder, where the plan has a list.

        Raises:
            EngineError: ``egress-failed``. Nothing is ever made with a wider network instead.
        """
        await self.close()
        if plan.network.mode != "allowlist":
            return plan.container
        if self._means.ways is None or plan.network.image is None:
            raise EngineError("egress-failed", "This host has no proxy for sessions.", "Use another network mode.")
        await self._means.images.prepare(plan.network.image, self._record)
        self._plan, self._asked, self._yes, self._no = await with_keys(plan.network), set(), (), ()
        self._way = await self._means.ways.open(self._plan, self._hear)
        return joined(plan.container, self._way)

    async def take(self, plan: SessionPlan, way: Way) -> None:
        """The way out of a container that waited is the session's now, and gets the rules of its plan.

        Raises:
            EngineError: ``egress-failed``, or what the engine says; whoever made the way takes it away.
        """
        await self.close()
        self._plan, self._asked, self._yes, self._no = await with_keys(plan.network), set(), (), ()
        self._way = way
        if self._means.ways is not None:
            await self._means.ways.take(way, self._order(way), self._hear)

    def joined(self, plan: AnyPlan) -> AnyPlan:
        """The plan as it is carried out: its container in the network of its holder, where it has one."""
        if plan.mode == "host" or self._way is None or plan.network.mode != "allowlist":
            return plan
        return replace(plan, container=joined(plan.container, self._way))

    async def open_again(self, plan: AnyPlan, kept: ContainerFacts) -> None:
        """Before a container that was kept, also one of an earlier host's, is started again.

        Raises:
            EngineError: ``egress-failed``: its holder is gone, or what :meth:`join` raises.
        """
        if plan.mode != "host" and plan.network.mode == "allowlist" and self._means.ways is not None:
            await self._lead_out(self._means.ways, await with_keys(plan.network), kept)

    async def _lead_out(self, ways: Ways, network: NetworkPlan, kept: ContainerFacts) -> None:
        await self.find(kept)
        if self._way is None:
            raise EngineError("egress-failed", "The session's way to the network is gone.", "Rebuild the session.")
        self._plan = network
        await ways.open_again(self._way, self._order(self._way), self._hear)

    async def go_on(self, plan: SessionPlan, left: ContainerFacts | None) -> None:
        """Takes up the way out of a container that outlived its host: the rules of its plan hold from now on.

        What was said for that session only is asked again. What cannot be taken up lets through no more than before.
        The broker goes on with the keys that it has.
        """
        ways = self._means.ways
        if ways is None or plan.network.mode != "allowlist" or left is None or left.status not in _RUNNING:
            return
        try:
            await self._lead_out(ways, plan.network, left)
        except BerthError as error:
            self._warn(f"Nobody is asked any more about what the session may reach: {error.message} {error.hint}")
        if lacks_password(plan.network.upstream):
            self._warn("The password of your network's proxy was not kept: nothing is reached. Restart the session.")

    def _warn(self, message: str) -> None:
        self._record.publish(Notice(severity="warning", message=message))

    async def find(self, kept: ContainerFacts | None) -> None:
        """Knows the way out of a container by its label, where it is an earlier host's and its holder is there."""
        lane = kept.labels.get(LANE_LABEL, "") if kept else ""
        if self._way is None and lane and self._means.ways is not None:
            self._way = await self._means.ways.found(lane)

    async def close(self) -> None:
        """Takes the way out away, once no container needs it."""
        way, self._way = self._way, None
        if way is not None and self._means.ways is not None:
            await self._means.ways.close(way)

    def _hear(self, told: Told) -> None:
        if told.event == "allowed" and told.count == 1:
            self._record.publish(NetworkAllowed(host=told.host, port=told.port))
        elif told.event == "blocked":
            self._record.publish(NetworkBlocked(host=told.host, port=told.port, why=told.why, count=told.count))
        elif told.event == "used":
            self._record.publish(CredentialUsed(name=told.name, host=told.host, port=told.port, count=told.count))
        elif told.event == "withheld":
            self._record.publish(CredentialWithheld(why=told.why, count=told.count))
        elif told.event == "unknown" and told.held:
            self._ask(told.host, told.port)
        elif told.event == "overflow" and told.count == 1:
            message = "The session tries to reach very many hosts; further ones are refused and no longer listed."
            self._record.publish(Notice(severity="warning", message=message))

    def _ask(self, host: str, port: int) -> None:
        target = host, port
        if self._asker is None or target in self._asked or len(self._asked) >= MOST_QUESTIONS:
            return
        if not can_be_asked(host):
            return
        self._asked.add(target)
        if not is_below(self._plan.ceiling, host, port):  # no yes lifts a ceiling
            self._take(target, Answer(option=NO))
            return
        self._asker.ask_aside(network_question(host, port), lambda answer: self._take(target, answer))

    def _take(self, target: tuple[str, int], answer: Answer) -> None:
        if answer.option is None:
            self._asked.discard(target)
        elif self._way is not None:
            self._means.tasks.start_soon(self._carry_out, self._way, target, answer.option.id)

    async def _carry_out(self, way: Way, target: tuple[str, int], option: str) -> None:
        host = self._planned(*target)
        try:
            if option == "once":
                order = {"do": "once", "lane": way.lane, "seconds": ONCE_SECONDS, **host_order(host)}
                self._asked.discard(target)
                await way.proxy.tell(order)
                return
            if option in ("session", "always"):
                self._yes += (host,)
            else:
                self._no += (host,)
            await way.proxy.set(self._order(way), self._hear)
            await self._keep(setting(*target), option)
        except BerthError as error:
            self._record.publish(Notice(severity="error", message=f"{error.message} {error.hint}"))

    def _order(self, way: Way) -> dict[str, Any]:
        """The rules of the plan, and what a person said meanwhile."""
        plan = self._plan
        rules = replace(plan, allowed=(*plan.allowed, *self._yes), denied=(*plan.denied, *self._no))
        return set_order(way.lane, rules, hold=HOLD_SECONDS if plan.asks else 0.0)

    async def _keep(self, entry: str, option: str) -> None:
        if option in ("always", "never") and self._means.remembers is not None:
            await self._means.remembers.remember(entry, "allow" if option == "always" else "deny")

    def _planned(self, host: str, port: int) -> PlannedHost:
        here = host == "host.docker.internal"
        return PlannedHost(host, port, _SAID, opaque=here or port not in (80, 443), inside=here)


def joined(container: ContainerPlan, way: Way) -> ContainerPlan:
    """The container in its holder's network. Host name, names and resolver are the holder's, engines say."""
    options = replace(container.options, network=NetworkOptions(network=Network(f"container:{way.holder}")))
    labels = {**container.labels, LANE_LABEL: way.lane}
    return replace(container, hostname="", extra_hosts={}, options=options, labels=labels)
