"""What the fault runs count, and what they do not take for a loss."""

from tests.faults.account import Account

STARTED = {"kind": "turn.started", "turn": "t1", "prompt": "name=p1 count=5"}
NEVER_SENT = {"kind": "turn.ended", "turn": "t1", "state": "cancelled", "stopReason": "never-sent"}
CANCELLED = {"kind": "turn.ended", "turn": "t1", "state": "cancelled", "stopReason": "cancelled"}


def test_a_frame_without_an_event_is_lost_and_one_with_two_is_repeated() -> None:
    account = Account()
    account.compare(["<1>", "<2>"], ["<1>", "<1>"])
    assert (account.lost, account.repeated) == (1, 1)


def test_events_in_another_order_than_the_frames_are_wrong() -> None:
    account = Account()
    account.compare(["<1>", "<2>"], ["<2>", "<1>"])
    assert account == Account(wrong=["the order differs"])


def test_a_prompt_that_the_agent_never_took_is_lost() -> None:
    account = Account()
    account.prompt("p1", 0, [STARTED, CANCELLED])
    assert account.lost == 1


def test_a_prompt_that_was_told_never_to_have_been_sent_is_not_lost() -> None:
    account = Account()
    account.prompt("p1", 0, [STARTED, NEVER_SENT])
    assert account == Account()


def test_a_prompt_that_was_told_never_to_have_been_sent_may_not_be_taken() -> None:
    account = Account()
    account.prompt("p1", 1, [STARTED, NEVER_SENT])
    assert account.repeated == 1


def test_that_another_prompt_was_never_sent_excuses_nothing() -> None:
    account = Account()
    account.prompt("p2", 0, [STARTED, NEVER_SENT])
    assert account.lost == 1


def test_a_prompt_that_was_taken_twice_is_repeated() -> None:
    account = Account()
    account.prompt("p1", 2, [STARTED, CANCELLED])
    assert account.repeated == 1
