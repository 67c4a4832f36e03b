"""Buttons and code actions, without a client."""

from hypothesis import given
from hypothesis import strategies as st

from berth.lsp.answers import answers_to
from berth.lsp.offered import Selection, offered_actions
from berth.protocol.session import InputRequest, Option, OptionKind, SessionInfo, State

OPTIONS = st.builds(Option, id=st.uuids().map(str), name=st.text(max_size=8), kind=st.sampled_from(OptionKind))
SAFE = (OptionKind.REJECT_ONCE, OptionKind.REJECT_ALWAYS)


def info(state: State, *questions: InputRequest, session: str = "s1") -> SessionInfo:
    return SessionInfo(
        id=session, name="web", workspace_folder="/w", agent="claude", state=state, started_at=1, input_needed=questions
    )


@given(st.lists(OPTIONS, min_size=1, max_size=8, unique_by=lambda option: option.id))
def test_the_first_answer_never_allows_anything_and_every_option_has_its_own_title(options: list[Option]) -> None:
    answers = answers_to(InputRequest(request="r", title="?", options=tuple(options)))
    kinds = {option.id: option.kind for option in options}
    first = answers[0].option
    assert first is None or kinds[first] in SAFE
    assert len({answer.title for answer in answers}) == len(answers)
    assert {answer.option for answer in answers} - {None} == set(kinds)


def test_a_form_with_one_choice_has_buttons_and_any_other_form_has_none() -> None:
    choice = {"properties": {"colour": {"type": "string", "enum": ["red", "blue"]}}}
    answers = answers_to(InputRequest(request="r", purpose="form", title="?", fields=choice))
    assert [(answer.title, answer.values) for answer in answers] == [
        ("Cancel", None),
        ("red", {"colour": "red"}),
        ("blue", {"colour": "blue"}),
    ]
    free = {"properties": {"name": {"type": "string"}}}
    assert answers_to(InputRequest(request="r", purpose="form", title="?", fields=free)) == []


def test_without_a_session_only_a_start_is_offered() -> None:
    offered = offered_actions([], None, folder="/w")
    assert [(action.command, action.argument) for action in offered] == [("agent.start", {"workspaceFolder": "/w"})]


def test_a_selection_can_be_a_prompt_or_its_context() -> None:
    selection = Selection("file:///w/a", (0, 0), (1, 2), text="do it")
    started = [action.argument for action in offered_actions([], selection, folder=None)]
    assert started[1] == {"prompt": "do it"}
    context = [
        {"uri": "file:///w/a", "range": {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 2}}}
    ]
    assert started[2]["context"] == context


def test_open_questions_come_first_with_the_safe_answer_on_top() -> None:
    options = (
        Option(id="y", name="Allow", kind=OptionKind.ALLOW_ONCE),
        Option(id="n", name="Reject", kind=OptionKind.REJECT_ONCE),
    )
    question = InputRequest(request="r1", title="Write a.txt", options=options)
    offered = offered_actions([info(State.WAITING, question)], None, folder="/w")
    assert [action.argument.get("option") for action in offered[:2]] == ["n", "y"]
    assert [action.command for action in offered[2:]] == [
        "agent.cancel",
        "agent.transcript",
        "agent.stop",
        "agent.start",
    ]


def test_an_ended_session_can_be_restarted_and_not_stopped() -> None:
    commands = [action.command for action in offered_actions([info(State.STOPPED)], None, folder="/w")]
    assert "agent.restart" in commands
    assert "agent.stop" not in commands
