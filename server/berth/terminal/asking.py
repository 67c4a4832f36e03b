"""A session's questions on a terminal, answered by number."""

import sys
from typing import Any

from berth.demo.client import Client
from berth.terminal.finding import Info
from berth.terminal.plain import plain

Question = dict[str, Any]


class Questions:
    """Shows each question once; the oldest that waits is the one that a number answers."""

    def __init__(self, client: Client, session: str) -> None:
        self._client = client
        self._session = session
        self._waiting: list[Question] = []
        self._shown: set[str] = set()

    def changed(self, info: Info) -> None:
        """Shows what is new, and forgets what was answered elsewhere."""
        self._waiting = list(info.get("inputNeeded") or ())
        for question in self._waiting:
            if question["request"] not in self._shown:
                self._shown.add(question["request"])
                sys.stderr.write(plain(_shown(question)))
                sys.stderr.flush()

    async def answered(self, typed: str) -> bool:
        """Whether what was typed is the number of an answer; it is given then."""
        if not self._waiting or not typed.isdecimal():
            return False
        question = self._waiting[0]
        options = question.get("options") or ()
        number = int(typed)
        if not 1 <= number <= len(options):
            return False
        arguments = {"session": self._session, "request": question["request"], "option": options[number - 1]["id"]}
        await self._client.command("agent.respond", arguments)
        return True


def _shown(question: Question) -> str:
    lines = [f"\n? {question['title']}", *str(question.get("detail") or "").splitlines()]
    options = question.get("options") or ()
    lines += [f"  {number}  {option['name']}" for number, option in enumerate(options, 1)]
    if not options:
        lines.append("  This cannot be answered here, only in an editor that shows forms and pages.")
    return "\n".join(lines) + "\n"
