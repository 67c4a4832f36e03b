"""A prompt as ACP content blocks."""

from berth.agents.base import ContextBlock, Prompt
from berth.agents.context_text import context_text
from berth.agents.frames import Frame


def prompt_blocks(prompt: Prompt, *, embedded: bool) -> list[Frame]:
    """The person's text, then what goes with it: as embedded resources where the agent takes them, else as text."""
    return [{"type": "text", "text": prompt.text}, *(_block(block, embedded=embedded) for block in prompt.context)]


def _block(block: ContextBlock, *, embedded: bool) -> Frame:
    if not embedded or block.uri is None:
        return {"type": "text", "text": context_text(block)}
    resource = {"uri": block.uri, "mimeType": block.mime, "text": block.text}
    return {"type": "resource", "resource": resource}
