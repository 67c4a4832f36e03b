"""Names and globs as they are written in settings, each with the pattern that JSON Schema shows."""

from typing import Annotated

from pydantic import StringConstraints

NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$"
NAME_SCHEMA = {"type": "string", "pattern": NAME}
Name = Annotated[str, StringConstraints(pattern=NAME)]
"""Profiles and agents: they become labels and parts of volume names."""
VariablePattern = Annotated[str, StringConstraints(pattern=r"^!?[A-Za-z_*?][A-Za-z0-9_*?]{0,255}$")]
"""A name or a glob with ``*`` and ``?``; a leading ``!`` takes away."""
ImagePattern = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9*?][A-Za-z0-9*?._:/@-]{0,511}$")]
"""An image reference or a glob of one with ``*``, ``**`` and ``?``."""
