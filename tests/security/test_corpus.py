"""Hostile settings are refused, each with its kind and sentence; ordinary ones pass."""

import pytest

from berth.errors import BerthError
from tests.security.hostile import Hostile, hostile
from tests.security.ordinary import ORDINARY
from tests.security.pipeline import ENVIRONMENT, Start, carried_out, refusal

HOSTILE = hostile()


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: str(case.name)[:60])
def test_hostile_settings_are_refused_with_the_exact_kind(case: Hostile) -> None:
    error = refusal(case.start)
    assert isinstance(error, BerthError), "it was carried out"
    assert (error.kind, case.says in error.message) == (case.kind, True), error.message
    assert error.message.isprintable()
    assert ENVIRONMENT["SECRET_ONE"] not in str(error)


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_settings_pass_every_gate_unasked(name: str) -> None:
    layer, section = ORDINARY[name]
    assert carried_out(Start({layer: section}, {}))["HostConfig"]["CapDrop"] == ["ALL"]


def test_there_are_enough_of_both() -> None:
    assert len({case.name for case in HOSTILE}) == len(HOSTILE) >= 150
    assert len(ORDINARY) >= 25
