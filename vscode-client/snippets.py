"""Templates of profiles as snippets, for whoever writes settings by hand."""

from collections.abc import Iterator, Mapping
from typing import Any

from berth.settings.templates import TEMPLATES


def add_snippets(profiles: dict[str, Any]) -> None:
    """Adds them to the schema of profiles: a whole one where there is none yet, and its settings behind a name."""
    profiles["defaultSnippets"] = list(_snippets({one.name: {one.name: one.profile} for one in TEMPLATES.values()}))
    for profile in profiles["patternProperties"].values():
        profile["defaultSnippets"] = list(_snippets({one.name: one.profile for one in TEMPLATES.values()}))


def _snippets(bodies: Mapping[str, Mapping[str, object]]) -> Iterator[dict[str, object]]:
    for name, body in bodies.items():
        template = TEMPLATES[name]
        yield {"label": template.title, "description": template.description, "body": body}
