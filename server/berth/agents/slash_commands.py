"""An agent's slash commands."""

from berth.agents.lenient import records, text
from berth.protocol.events import SlashCommand


def slash_commands(raw: object) -> tuple[SlashCommand, ...]:
    """The commands in an array of ``{name, description}``, without those that have no name."""
    return tuple(
        SlashCommand(name=text(command.get("name")), description=text(command.get("description")))
        for command in records(raw)
        if text(command.get("name"))
    )
