"""What goes with a prompt, as Markdown, for agents that take nothing but text."""

import re

from berth.agents.base import ContextBlock

_TICKS = re.compile(r"`+")


def context_text(block: ContextBlock) -> str:
    """A heading line and the content in a fence that nothing in it can close."""
    name = f"{block.title} ({block.uri})" if block.uri and block.uri != block.title else block.title
    unsaved = ", as it is in the editor, not saved yet" if block.unsaved else ""
    fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(block.text)), default=0))
    text = block.text if block.text.endswith("\n") else block.text + "\n"
    return f"{name}{unsaved}:\n{fence}\n{text}{fence}\n"
