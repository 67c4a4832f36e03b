"""A person and an agent doing anything in any order: every turn ends once, every question is answered once."""

import json
from collections import Counter
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from berth.agents.acp.dialect import AcpDialect
from berth.agents.base import Answer, Prompt, TurnOver, Withdrawn
from berth.protocol.events import InputRequested
from berth.protocol.session import InputRequest
from berth.protocol.tool_events import ToolCall, ToolStarted
from tests.agents.peer import AcpPeer, of

OPTIONS = [
    {"optionId": "y", "name": "Yes", "kind": "allow_once"},
    {"optionId": "n", "name": "No", "kind": "reject_once"},
]
TOOLS = st.sampled_from(["t1", "t2"])
STATUSES = st.sampled_from(["pending", "in_progress", "completed", "failed", None])


class Conversation(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.peer = AcpPeer(AcpDialect())
        self.peer.shake_hands()
        self.turns = 0
        self.prompt_id: Any = None
        self.asked: list[int] = []
        self.open: dict[str, InputRequest] = {}
        self.is_over = False

    def took(self, signals: list[Any]) -> None:
        for question in of(signals, InputRequested):
            self.open[question.input.request] = question.input
        for withdrawn in of(signals, Withdrawn):
            del self.open[withdrawn.request]
        if of(signals, TurnOver):
            self.prompt_id = None

    @precondition(lambda self: self.prompt_id is None and not self.is_over)
    @rule()
    def prompt(self) -> None:
        self.turns += 1
        self.took(self.peer.took(self.peer.dialect.prompt(Prompt("go"))))
        self.prompt_id = self.peer.last()["id"]

    @rule()
    def cancel(self) -> None:
        self.took(self.peer.took(self.peer.dialect.cancel()))

    @precondition(lambda self: self.prompt_id is not None)
    @rule(reply=st.sampled_from([{"result": {"stopReason": "end_turn"}}, {"error": {"code": 1}}, {"result": None}]))
    def finish(self, reply: dict[str, Any]) -> None:
        self.took(self.peer.feed({"jsonrpc": "2.0", "id": self.prompt_id, **reply}))

    @precondition(lambda self: not self.is_over)
    @rule(tool=TOOLS)
    def ask(self, tool: str) -> None:
        self.asked.append(len(self.asked))
        call = {"toolCallId": tool}
        params = {"sessionId": "s1", "toolCall": call, "options": OPTIONS}
        self.took(self.peer.request(self.asked[-1], "session/request_permission", **params))

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def respond(self, data: st.DataObject) -> None:
        request = data.draw(st.sampled_from(sorted(self.open)))
        option = data.draw(st.sampled_from([*self.open.pop(request).options, None]))
        self.took(self.peer.took(self.peer.dialect.respond(request, Answer(option))))

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        params = {"requestId": data.draw(st.sampled_from(self.asked))}
        self.took(self.peer.feed({"jsonrpc": "2.0", "method": "$/cancel_request", "params": params}))

    @rule(tool=TOOLS, status=STATUSES)
    def report(self, tool: str, status: str | None) -> None:
        self.took(self.peer.update("tool_call_update", toolCallId=tool, status=status))

    @precondition(lambda self: not self.is_over)
    @rule()
    def end(self) -> None:
        self.is_over = True
        self.took(self.peer.took(self.peer.dialect.end()))

    @invariant()
    def every_turn_ends_once(self) -> None:
        running = 0 if self.prompt_id is None else 1
        assert len(of(self.peer.signals, TurnOver)) == self.turns - running

    @invariant()
    def every_question_is_answered_once(self) -> None:
        answers = Counter(frame["id"] for frame in self.peer.written if "method" not in frame)
        assert set(answers.values()) <= {1}
        assert len(answers) == len(self.asked) - len(self.open)

    @invariant()
    def a_call_is_started_before_it_goes_on(self) -> None:
        alive: set[str] = set()
        for signal in of(self.peer.signals, ToolCall):
            if isinstance(signal, ToolStarted):
                alive.add(signal.tool)
            assert signal.tool in alive

    def teardown(self) -> None:
        assert all(json.dumps(frame) for frame in self.peer.written)


Conversation.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestConversation = Conversation.TestCase
