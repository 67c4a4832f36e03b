"""An explained plan as Markdown, for people."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from berth.planning.plan_line import source
from berth.protocol.commands import PlanLine, PlanResult


@dataclass(frozen=True, slots=True)
class Chapter:
    """Some lines under a title."""

    title: str
    lines: tuple[PlanLine, ...]


def plan_page(result: PlanResult, chapters: Sequence[Chapter]) -> str:
    """The page: notes first, then a table for each chapter that has lines, then the line of ``docker run``."""
    folder = result.workspace_folder
    head = [f"# Plan for {_cell(folder.rpartition('/')[2])}", "", "Nothing was started. Values are not shown."]
    notes = ["", "## Notes", "", *(f"- {_cell(note)}" for note in result.notes)] if result.notes else []
    tables = [row for chapter in chapters if chapter.lines for row in _table(chapter, folder)]
    return "\n".join([*head, *notes, *tables, *_command(result.command)]) + "\n"


def _table(chapter: Chapter, folder: str) -> Iterator[str]:
    yield from ("", f"## {chapter.title}", "", "| what | value | from |", "|---|---|---|")
    for line in chapter.lines:
        # What is in the workspace is told from there on: the folder stands on top.
        where = source(line).replace(f" {folder}/", " ")
        yield f"| {_cell(line.what)} | {_cell(line.value)} | {_cell(where)} |"


def _command(command: str) -> Iterator[str]:
    if not command:
        return
    # A fence that nothing in the text can close.
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", command))])
    yield from ("", "## The same container without Berth", "", f"{fence}sh", command.rstrip("\n"), fence)


def _cell(text: str) -> str:
    """Text of people and repositories, made harmless in a Markdown table."""
    printable = "".join(c if c.isprintable() else "?" for c in text)
    for character in "\\`*_[]<>|":
        printable = printable.replace(character, "\\" + character if character != "<" else "&lt;")
    return printable
