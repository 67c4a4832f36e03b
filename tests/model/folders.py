"""Where an agent works, as it told the model."""

import json
import re

_PLACES = (
    re.compile(r"<cwd>([^<]+)</cwd>"),
    re.compile(r"working directory: *`?([^\s`\\\"]+)", re.IGNORECASE),
)


def working_folder(body: object) -> str:
    """The folder named anywhere in a request; empty when there is none."""
    text = json.dumps(body)
    found = next((match for place in _PLACES if (match := place.search(text))), None)
    return found[1] if found else ""
