"""Writes what the VS Code client shares with the server: its TypeScript types and its settings.

    python vscode-client/generate.py            writes what changed
    python vscode-client/generate.py --check    writes nothing; exit status 1 when something is stale

The Python models are the one definition. ``src/generated/protocol.ts`` and the part of ``package.json`` that describes
the settings are never edited by hand.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema
from pydantic_core.core_schema import DataclassField, ModelField, TypedDictField
from snippets import add_snippets

from berth.protocol import names
from berth.protocol.command_table import COMMAND_TABLE
from berth.protocol.events import AnyEvent, Stamp
from berth.protocol.housekeeping import SessionStats
from berth.protocol.session import STATE_WORDS, SessionInfo
from berth.settings.model import BerthSection

HERE = Path(__file__).parent
PROTOCOL = HERE / "src" / "generated" / "protocol.ts"
PACKAGE = HERE / "package.json"

EVENTS_NOTIFICATION = """\
/** Events in order, numbered without gaps; `first` is the first one's number. */
export interface EventsNotification {
  session: string;
  first: number;
  events: SessionEvent[];
}"""

Schema = Mapping[str, Any]

SECTIONS = ("docker",)
"""Settings that VS Code shows one by one; others stay one object."""

OWN = ("berth.policy",)
"""Settings that only the user has: VS Code takes them from no workspace."""

NOT_ON_THE_WIRE = ("title", "description", "default", "discriminator", "examples")
"""Words of JSON Schema that say nothing about a value's TypeScript type."""


class _AsOnTheWire(GenerateJsonSchema):
    """What the server sends has all its fields, with or without a default."""

    def field_is_required(
        self,
        field: ModelField | DataclassField | TypedDictField,
        total: bool,  # noqa: FBT001 - pydantic's own signature
    ) -> bool:
        """Whether the field is there."""
        return self.mode == "serialization" or super().field_is_required(field, total)


def main(arguments: list[str]) -> int:
    """Writes or, with ``--check``, compares. Answers the exit status."""
    stale = [(path, text) for path, text in outputs() if not path.exists() or path.read_text("utf-8") != text]
    for path, text in stale:
        if "--check" in arguments:
            sys.stderr.write(f"{path.relative_to(HERE)} is stale: run python vscode-client/generate.py\n")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return 1 if stale and "--check" in arguments else 0


def outputs() -> Iterator[tuple[Path, str]]:
    """Each generated file with the text it should have."""
    yield PROTOCOL, protocol()
    yield PACKAGE, package(PACKAGE.read_text("utf-8"))


def protocol() -> str:
    """The whole of ``protocol.ts``."""
    events = get_args(get_args(AnyEvent)[0])
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (command.arguments, "validation") for command in COMMAND_TABLE
    ]
    wanted += [(model, "serialization") for model in (SessionInfo, SessionStats, Stamp, *events)]
    wanted += [(command.result, "serialization") for command in COMMAND_TABLE]
    _, schema = models_json_schema(list(dict.fromkeys(wanted)), schema_generator=_AsOnTheWire)
    pieces = [
        "// Generated from the Python models by generate.py. Do not edit.",
        *(_definition(name, body) for name, body in sorted(schema["$defs"].items())),
        _commands(),
        "export type EventBody =" + "".join(f"\n  | {event.__name__}" for event in events) + ";",
        "/** A numbered event, flat. */\nexport type SessionEvent = Stamp & EventBody;",
        EVENTS_NOTIFICATION,
        _constant("NOTIFICATIONS", {key.lower(): text for key, text in vars(names).items() if _is_name(key, text)}),
        _constant("STATE_WORDS", {state.value: word for state, word in STATE_WORDS.items()}),
        _list("SETTINGS", [name.removeprefix("berth.") for name, _ in _settings(BerthSection.model_json_schema())]),
    ]
    return "\n\n".join(pieces) + "\n"


def package(text: str) -> str:
    """``package.json`` with the settings as the model has them; the rest as it was."""
    content = json.loads(text)
    properties = dict(_settings(BerthSection.model_json_schema()))
    add_snippets(properties["berth.docker.profiles"])
    own, *_ = content["contributes"]["configuration"]
    content["contributes"]["configuration"] = [own, {"title": "%settings.sessions%", "properties": properties}]
    content["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"] = sorted(properties)
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _is_name(key: str, value: object) -> bool:
    return key.isupper() and isinstance(value, str)


def _constant(name: str, table: Mapping[str, str]) -> str:
    lines = "".join(f"  {key}: {json.dumps(value)},\n" for key, value in table.items())
    return f"export const {name} = {{\n{lines}}} as const;"


def _list(name: str, items: Iterable[str]) -> str:
    lines = "".join(f"  {json.dumps(item)},\n" for item in items)
    return f"export const {name} = [\n{lines}] as const;"


def _commands() -> str:
    rows = "".join(
        f"  /** {command.title}. */\n"
        f'  "{command.name}": {{ arguments: {command.arguments.__name__}; result: {command.result.__name__} }};\n'
        for command in COMMAND_TABLE
    )
    return f"/** What each server command takes and answers. */\nexport interface Commands {{\n{rows}}}"


def _definition(name: str, schema: Schema) -> str:
    comment = _comment(schema.get("description", ""), "")
    if schema.get("type") != "object":
        return f"{comment}export type {name} = {_type(schema)};"
    required = schema.get("required", ())
    fields = "".join(
        _field(key, field, required=key in required) for key, field in schema.get("properties", {}).items()
    )
    if not fields:
        return f"{comment}export type {name} = Record<string, never>;"
    return f"{comment}export interface {name} {{\n{fields}}}"


def _field(name: str, schema: Schema, *, required: bool) -> str:
    """One line of an interface. What may be null may be absent: the server leaves such fields out."""
    optional = not required or ("default" in schema and schema["default"] is None)
    return f"{_comment(schema.get('description', ''), '  ')}  {name}{'?' if optional else ''}: {_type(schema)};\n"


def _comment(text: str, indent: str) -> str:
    lines = text.replace("*/", "* /").replace("``", "`").splitlines()
    if not lines:
        return ""
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */\n"
    body = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{body}{indent} */\n"


def _type(schema: Schema) -> str:
    """The TypeScript type of a JSON Schema.

    Raises:
        ValueError: The models use a part of JSON Schema that this generator does not know.
    """
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " | ".join(dict.fromkeys(_type(part) for part in schema[key]))
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    return _plain(schema)


def _plain(schema: Schema) -> str:
    match schema.get("type"):
        case "string" | "boolean" | "null" as plain:
            return str(plain)
        case "integer" | "number":
            return "number"
        case "array":
            item = _type(schema["items"])
            return f"({item})[]" if " " in item else f"{item}[]"
        case "object":
            values = [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties", True)][0]
            return f"Record<string, {_type(values) if isinstance(values, dict) else 'unknown'}>"
        case None if not set(schema) - set(NOT_ON_THE_WIRE):
            return "unknown"
    raise ValueError(f"No TypeScript type for {schema}.")


def _settings(schema: Schema) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every setting by its full name. VS Code follows no references, so they are written out."""
    yield from _leaves("berth", _inlined(schema, schema.get("$defs", {})))


def _leaves(prefix: str, schema: Schema) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, field in schema["properties"].items():
        path = f"{prefix}.{name}"
        if name in SECTIONS:
            yield from _leaves(path, field)
        else:
            yield (
                path,
                {
                    "scope": "application" if path in OWN else "resource",
                    "markdownDescription": field["description"],
                    **_without(field, "description"),
                },
            )


def _inlined(schema: Any, definitions: Schema) -> Any:
    """A schema without references, without titles (VS Code makes better ones), and without ``null`` for "not set"."""
    if isinstance(schema, list):
        return [_inlined(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined({**definitions[schema["$ref"].rsplit("/", 1)[-1]], **_without(schema, "$ref")}, definitions)
    if {"type": "null"} in schema.get("anyOf", ()):
        written, *_ = (part for part in schema["anyOf"] if part != {"type": "null"})
        return _inlined({**written, **_without(schema, "anyOf", "default")}, definitions)
    kept = _without(schema, "$defs", *(["title"] if isinstance(schema.get("title"), str) else []))
    return {key: _inlined(value, definitions) for key, value in kept.items()}


def _without(schema: Schema, *keys: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key not in keys}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
