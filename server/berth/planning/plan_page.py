"""An explained plan as Markdown, for people."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from berth.planning.explain_breaches import breach_lines
from berth.planning.host_plan import AnyPlan
from berth.planning.markdown import harmless
from berth.planning.plan_line import source
from berth.protocol.plans import PlanLine, PlanResult


@dataclass(frozen=True, slots=True)
class Chapter:
    """Some lines under a title."""

    title: str
    lines: tuple[PlanLine, ...]


def plan_page(plan: AnyPlan, result: PlanResult, chapters: Sequence[Chapter]) -> str:
    """The page: what the plan may not simply do, notes, a table for each chapter, the line of ``docker run``."""
    folder = result.workspace_folder
    breaches = ["", *breach_lines(plan)][:-1]
    head = [f"# Plan for {harmless(folder.rpartition('/')[2])}", "", "Nothing was started. Values are not shown."]
    notes = ["", "## Notes", "", *(f"- {harmless(note)}" for note in result.notes)] if result.notes else []
    tables = [row for chapter in chapters if chapter.lines for row in _table(chapter, folder)]
    return "\n".join([*head, *breaches, *notes, *tables, *_command(result.command)]) + "\n"


def _table(chapter: Chapter, folder: str) -> Iterator[str]:
    yield from ("", f"## {chapter.title}", "", "| what | value | from |", "|---|---|---|")
    for line in chapter.lines:
        # What is in the workspace is told from there on: the folder stands on top.
        where = source(line).replace(f" {folder}/", " ")
        yield f"| {harmless(line.what)} | {harmless(line.value)} | {harmless(where)} |"


def _command(command: str) -> Iterator[str]:
    if not command:
        return
    # A fence that nothing in the text can close.
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", command))])
    yield from ("", "## The same container without Berth", "", f"{fence}sh", command.rstrip("\n"), fence)
