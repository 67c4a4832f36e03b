"""The launcher's words on stderr, told apart from the agent's."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.engine.launch_output import LaunchOutput, LaunchSignal

PRINTED = b"sh: noise\nberth-launcher: ready\nberth-launcher: exec\nberth-launcher: agent-missing fooled\nrest"


def fed(pieces: list[bytes]) -> tuple[list[LaunchSignal], bytes]:
    output, signals, foreign = LaunchOutput(), [], b""
    for piece in pieces:
        seen, rest = output.receive(piece)
        signals += seen
        foreign += rest
    return signals, foreign


@given(st.lists(st.integers(0, len(PRINTED)), max_size=8))
def test_slicing_changes_nothing(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(PRINTED)]
    pieces = [PRINTED[start:end] for start, end in pairwise(edges)]
    foreign = b"sh: noise\nberth-launcher: agent-missing fooled\nrest"
    assert fed(pieces) == (["ready", "exec"], foreign)


def test_an_adopted_container_has_no_launcher_any_more() -> None:
    assert LaunchOutput(executed=True).receive(b"berth-launcher: ready\n") == ([], b"berth-launcher: ready\n")


@given(st.binary(max_size=200))
def test_nothing_that_is_printed_raises(data: bytes) -> None:
    LaunchOutput().receive(b"berth-launcher: " + data + b"\n")


@pytest.mark.parametrize(
    ("printed", "exit_code", "kind"),
    [
        (b"", 127, "image-lacks-shell"),
        (b"berth-launcher: ready\n", 143, "agent-exited"),
        (b"berth-launcher: ready\nberth-launcher: exec\n", 126, "agent-exited"),
    ],
)
def test_an_end_that_is_not_the_agents_own_is_explained(printed: bytes, exit_code: int, kind: str) -> None:
    output = LaunchOutput()
    output.receive(printed)
    error = output.ended(exit_code, "agent")
    assert error is not None
    assert error.kind == kind


@pytest.mark.parametrize("exit_code", [0, 1, 137, None])
def test_an_end_of_the_agents_own_is_not(exit_code: int | None) -> None:
    assert LaunchOutput(executed=True).ended(exit_code, "agent") is None
