"""The table in the documentation is made of runs that were written down."""

import json
from pathlib import Path

from tests.faults.report import BEGIN, END, PAGE, SUMMARY, summary, table, within

RUN = {
    "scenario": "idle",
    "at": 1_800_000_000,
    "seconds": 3.5,
    "load": 1.5,
    "lost": 0,
    "repeated": 0,
    "orphans": 0,
    "wrong": [],
    "machine": "2 cores",
    "engine": "Docker Engine 20.10.24",
    "commit": "abc1234",
}


def test_runs_of_one_scenario_are_added_up() -> None:
    entry = next(each for each in summary([RUN, RUN | {"lost": 2, "wrong": ["so"]}]) if each["scenario"] == "idle")
    assert (entry["runs"], entry["lost"], entry["wrong"]) == (2, 2, ["so"])


LATER = RUN | {"commit": "def5678", "at": 1_800_000_100}


def test_runs_on_several_commits_count_while_nothing_was_wrong() -> None:
    entry = next(each for each in summary([RUN, LATER]) if each["scenario"] == "idle")
    assert (entry["runs"], entry["commits"]) == (2, ["abc1234", "def5678"])


def test_runs_on_a_commit_with_something_wrong_do_not_count_once_there_is_a_newer_one() -> None:
    entry = next(each for each in summary([RUN, RUN | {"lost": 1}, LATER]) if each["scenario"] == "idle")
    assert (entry["runs"], entry["lost"], entry["commits"]) == (1, 0, ["def5678"])


def test_what_is_wrong_on_the_newest_commit_counts() -> None:
    entry = next(each for each in summary([RUN, LATER | {"orphans": 1}]) if each["scenario"] == "idle")
    assert (entry["runs"], entry["orphans"]) == (2, 1)


def test_a_scenario_that_was_not_run_is_shown_with_no_runs() -> None:
    assert "| `working` | 0 | 0 | 0 | 0 | 0 |" in table(summary([RUN]))


def test_only_the_made_part_of_the_page_is_replaced() -> None:
    assert within(f"before\n{BEGIN}old\n{END}after", "new").split() == f"before {BEGIN} new {END} after".split()


def test_the_page_shows_what_was_written_down() -> None:
    page = Path(PAGE).read_text()
    assert within(page, table(json.loads(Path(SUMMARY).read_text()))) == page
