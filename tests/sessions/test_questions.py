"""Questions that wait for a person."""

from pathlib import Path

import anyio
import pytest

from berth.agents.base import Answer
from berth.errors import InvalidArguments, SessionError
from berth.protocol.commands import RespondArguments
from berth.protocol.session import InputRequest, Option, OptionKind
from berth.sessions.questions import Questions
from berth.sessions.record import Record
from tests.sessions.audience import RememberingAudience, record_in

pytestmark = pytest.mark.anyio

ASKED = InputRequest(
    request="r1",
    title="Write a file",
    options=(
        Option(id="yes", name="Allow", kind=OptionKind.ALLOW_ONCE),
        Option(id="no", name="Reject", kind=OptionKind.REJECT_ONCE),
    ),
)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return record_in(tmp_path, RememberingAudience())


def words(option: str | None, request: str = "r1") -> RespondArguments:
    return RespondArguments(session="s", request=request, option=option)


async def test_an_option_is_found_by_its_id_or_its_kind(record: Record) -> None:
    questions = Questions(record)
    questions.ask(ASKED)
    assert questions.read(words("no")).option == ASKED.options[1]
    assert questions.read(words("allow_once")).option == ASKED.options[0]


async def test_an_unknown_option_is_refused_and_the_question_stays(record: Record) -> None:
    questions = Questions(record)
    questions.ask(ASKED)
    with pytest.raises(InvalidArguments, match="no option 'maybe'"):
        questions.read(words("maybe"))
    assert record.info.input_needed == (ASKED,)


async def test_the_second_answer_is_refused_as_already_answered(record: Record) -> None:
    questions = Questions(record)
    questions.ask(ASKED)
    questions.close("r1", Answer(ASKED.options[0]), by="Neovim")
    with pytest.raises(SessionError) as caught:
        questions.read(words("yes"))
    assert caught.value.kind == "already-answered"
    assert record.info.input_needed == ()


async def test_a_question_that_was_never_asked_is_unknown(record: Record) -> None:
    with pytest.raises(SessionError) as caught:
        Questions(record).read(words("yes", "other"))
    assert caught.value.kind == "unknown-request"


async def test_cancelling_answers_everything_once(record: Record) -> None:
    questions = Questions(record)
    questions.ask(ASKED)
    questions.close_all("the turn was cancelled")
    questions.close_all("the session ended")
    with anyio.fail_after(1):
        lines = await record.read(1, 10_000)
    assert [line for line in lines if b"input.resolved" in line] == lines[1:2]
