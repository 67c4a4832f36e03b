"""The dialects by name: the one place that knows them all."""

import secrets

from berth.agents.acp.dialect import AcpDialect
from berth.agents.base import Dialect, DialectName
from berth.agents.claude.dialect import ClaudeDialect
from berth.agents.lines import LinesDialect


def dialect_for(name: DialectName, *, prefix: str | None = None, end_marker: str | None = None) -> Dialect:
    """A fresh dialect for one run of an agent program.

    Args:
        name: Which one.
        prefix: Begins the ids minted for parts and questions. Made up when absent, so that the ids of several runs in
            one session differ.
        end_marker: For ``lines`` only: the line that the program prints at the end of a turn.
    """
    prefix = f"{secrets.token_hex(3)}-" if prefix is None else prefix
    match name:
        case "acp":
            return AcpDialect(prefix=prefix)
        case "claude":
            return ClaudeDialect(prefix=prefix)
        case "lines":
            return LinesDialect(prefix=prefix, end_marker=end_marker)


def resume_arguments(name: DialectName, conversation: str | None) -> tuple[str, ...]:
    """What is added to the agent's argv so that it goes on with an earlier conversation.

    Empty where the dialect resumes by its own protocol, or not at all. ``conversation`` is what
    :class:`~berth.agents.base.Ready` named.
    """
    if name == "claude" and conversation:
        return ("--resume", conversation)
    return ()
