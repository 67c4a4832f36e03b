"""Whose containers and sessions are."""

from dataclasses import replace
from pathlib import Path

import pytest

from berth.engine.base import ContainerFacts
from berth.host.ownership import Ownership
from berth.host.seal import Seal
from berth.planning.labels import SESSION_LABEL

FACTS = ContainerFacts("1" * 64, "berth-w-s1", "image", "running", None, out_of_memory=False, error="", labels={})


def sealed(seal: Seal, session: str) -> ContainerFacts:
    return replace(FACTS, labels={SESSION_LABEL: session, **seal.labels(session)})


def test_a_container_of_ours_is_known_by_its_seal(tmp_path: Path) -> None:
    assert Seal.of(tmp_path).session_of(sealed(Seal.of(tmp_path), "s1")) == "s1"


def test_the_key_is_private_and_stays(tmp_path: Path) -> None:
    first, second = Seal.of(tmp_path), Seal.of(tmp_path)
    assert first.labels("s1") == second.labels("s1")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_labels_that_somebody_else_wrote_are_not_believed(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    ours, theirs = Seal.of(tmp_path), Seal.of(tmp_path / "other")
    for spoofed in (
        replace(FACTS, labels={SESSION_LABEL: "s1"}),
        replace(FACTS, labels={SESSION_LABEL: "s1", **ours.labels("s1"), **theirs.labels("s1")}),
        replace(FACTS, labels={SESSION_LABEL: "s1", **ours.labels("s2")}),
        replace(sealed(ours, "s1"), name="copied"),
    ):
        assert ours.session_of(spoofed) is None


def test_a_session_has_one_owner_and_another_when_that_one_is_gone(tmp_path: Path) -> None:
    first, second = Ownership(), Ownership()
    assert first.take(tmp_path)
    assert not second.take(tmp_path)
    first.release(tmp_path.name)
    assert second.take(tmp_path)
    assert tmp_path.name in second
    second.release_all()


def test_no_seal_is_found_where_none_was_made(tmp_path: Path) -> None:
    assert Seal.found(tmp_path) is None
    Seal.of(tmp_path)
    assert Seal.found(tmp_path) is not None


@pytest.mark.parametrize("name", ["s1", "berth-w-s2", "berth-w-s1-copy"])
def test_a_copy_under_another_name_is_none_of_ours(tmp_path: Path, name: str) -> None:
    seal = Seal.of(tmp_path)
    assert seal.session_of(replace(sealed(seal, "s1"), name=name)) is None
