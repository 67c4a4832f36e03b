from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berth.settings.quantities import (
    Gpus,
    parse_cpus,
    parse_duration,
    parse_gpus,
    parse_size,
    shown_duration,
    shown_size,
)


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("512m", 512 * 1024**2),
        ("4g", 4 * 1024**3),
        ("4G", 4 * 1024**3),
        ("4gb", 4 * 1024**3),
        ("1.5GiB", 1536 * 1024**2),
        ("1024", 1024),
        ("1 t", 1024**4),
        (2048, 2048),
    ],
)
def test_a_size_is_read_as_docker_reads_it(written: object, size: int) -> None:
    assert parse_size(written) == size


@pytest.mark.parametrize("written", ["2gb?", "", "g", "-1g", "1e3", "4 g b", "٤g", "1_000", None, True, 1.5, ["4g"]])
def test_what_is_no_size_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="must be a size such as"):
        parse_size(written)


@pytest.mark.parametrize(
    ("written", "seconds"), [("90m", 5400), ("2h", 7200), ("1h30m", 5400), ("45s", 45), ("1d", 86_400), ("1.5H", 5400)]
)
def test_a_duration_is_read_with_its_units(written: str, seconds: float) -> None:
    assert parse_duration(written) == seconds


@pytest.mark.parametrize("written", ["2", "h", "30m1h", "1h1h", "-1h", "1 h", "2hours", "", 90, None, True, ["2h"]])
def test_what_is_no_duration_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="must be a duration with units"):
        parse_duration(written)


@given(st.integers(min_value=1, max_value=30 * 86_400))
def test_a_duration_that_is_shown_can_be_read_again(seconds: int) -> None:
    assert parse_duration(shown_duration(seconds)) == seconds


@given(st.text() | st.integers() | st.floats() | st.none() | st.lists(st.text()))
def test_every_parser_answers_or_refuses_with_a_sentence(written: object) -> None:
    refusals = [refusal(parse, written) for parse in (parse_size, parse_duration, parse_cpus, parse_gpus)]
    assert all(sentence.startswith("must be") for sentence in refusals if sentence)


def refusal(parse: Callable[[object], object], written: object) -> str:
    try:
        parse(written)
    except ValueError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("written", "cpus"), [(2, 2.0), (1.5, 1.5), ("0.5", 0.5)])
def test_cpus_are_a_number(written: object, cpus: float) -> None:
    assert parse_cpus(written) == cpus


@pytest.mark.parametrize("written", ["two", "nan", "inf", True, None, [1], ""])
def test_what_is_no_number_of_cpus_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="must be a number of CPUs"):
        parse_cpus(written)


@pytest.mark.parametrize(
    ("written", "gpus", "shown"),
    [
        ("all", Gpus(-1), "all"),
        (2, Gpus(2), "2"),
        ("2", Gpus(2), "2"),
        (["0", "GPU-1a2b"], Gpus(devices=("0", "GPU-1a2b")), "0, GPU-1a2b"),
    ],
)
def test_cards_are_all_a_number_or_named(written: object, gpus: Gpus, shown: str) -> None:
    assert parse_gpus(written) == gpus
    assert str(gpus) == shown


@pytest.mark.parametrize("written", ["some", 0, -1, True, [], ["-x"], [1], None, 1.0, "0", {"count": 1}])
def test_what_names_no_cards_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="must be “all”, a number of cards"):
        parse_gpus(written)


@pytest.mark.parametrize(("size", "shown"), [(1536 * 1024**2, "1.5 GiB"), (64 * 1024**2, "64 MiB"), (12, "12 bytes")])
def test_a_size_is_shown_for_people(size: int, shown: str) -> None:
    assert shown_size(size) == shown
