"""What an agent wrote that could run on the host is said aloud, whatever else the agent says."""

from typing import Any, cast

from berth.lsp.announcements import Announcements
from berth.lsp.offers import Offers, read_offers
from berth.protocol.event_body import EventBody
from berth.protocol.events import Notice
from berth.protocol.workspace_events import WritebackFinding, WritebackFound
from berth.sessions.published import publish


class Listener:
    """The part of a server that announcements use."""

    def __init__(self, *, findings: bool) -> None:
        self.client = self
        self.outlet = self
        self.stalled = False
        self.offers = Offers(findings=findings)
        self.said: list[tuple[str, str]] = []

    def notify(self, method: str, params: dict[str, Any]) -> None:
        self.said.append((method, params["message"]))


def announced(*bodies: EventBody, findings: bool = False) -> list[tuple[str, str]]:
    listener = Listener(findings=findings)
    announcements = Announcements(cast(Any, listener))
    for body in bodies:
        announcements.happened("s", publish(body, seq=1, turn=None))
    return listener.said


def found(path: str, severity: str) -> WritebackFound:
    finding = {"path": path, "what": "git runs it", "severity": severity}
    return WritebackFound(findings=(WritebackFinding.model_validate(finding),))


def test_it_is_shown_right_behind_a_notice_of_the_agents_own() -> None:
    said = announced(Notice(severity="warning", message="look over there"), found("/w/.envrc", "warning"))
    assert [method for method, _ in said] == ["window/showMessage"] * 2
    assert "w/.envrc" in said[1][1]


def test_a_path_cannot_act_in_the_message() -> None:
    [(_, message)] = announced(found("/w/[x](command:y)\u202e/.envrc", "warning"))
    assert "](" not in message
    assert "\u202e" not in message


def test_a_note_interrupts_nobody() -> None:
    assert announced(found("/w/build.rs", "info")) == []


def test_a_client_that_warns_by_itself_is_not_told_twice() -> None:
    assert announced(found("/w/.envrc", "warning"), findings=True) == []


def test_only_an_editors_own_code_can_take_the_warning_over() -> None:
    claim = {"berth": {"findings": True, "notifications": True}}
    assert not read_offers({"initializationOptions": claim}).findings
    assert read_offers({"capabilities": {"experimental": claim}}).findings
