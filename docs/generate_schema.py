"""Writes ``settings.schema.json``: the settings as a JSON Schema, for editors that check settings files with one.

It describes the user's settings file, and the keys of Berth in an editor's own, written with their full names.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from berth.settings.model import BerthSection

SCHEMA = Path(__file__).resolve().parent / "settings.schema.json"

Schema = Mapping[str, Any]


def main() -> int:
    """Writes the file when it is not current."""
    text = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    if not SCHEMA.exists() or SCHEMA.read_text(encoding="utf-8") != text:
        SCHEMA.write_text(text, encoding="utf-8")
    return 0


def schema() -> dict[str, Any]:
    """The whole schema. A setting may be written nested or, as editors do, under its full name."""
    section = _tidy(BerthSection.model_json_schema())
    definitions = section.pop("$defs")
    nested = section["properties"]
    full = {f"berth.{name}": field for name, field in _full_names(nested, definitions)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of Berth",
        **section,
        "properties": {"$schema": {"type": "string"}, **nested, **full},
        "$defs": definitions,
    }


def _full_names(properties: Schema, definitions: Schema) -> Iterator[tuple[str, Any]]:
    for name, field in properties.items():
        yield name, field
        if name == "docker":
            yield from ((f"docker.{key}", value) for key, value in definitions["DockerSection"]["properties"].items())


def _tidy(node: Any) -> Any:
    """Without titles that only repeat a key, and without the default ``null``, which says no more than "not set"."""
    if isinstance(node, list):
        return [_tidy(part) for part in node]
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if not _says_nothing(key, value)}
    return {key: _tidy(value) for key, value in kept.items()}


def _says_nothing(key: str, value: object) -> bool:
    return (key == "title" and isinstance(value, str)) or (key == "default" and value is None)


if __name__ == "__main__":
    sys.exit(main())
