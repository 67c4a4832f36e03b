"""Writes the parts of the documentation that come from the code: commands, events, session info, errors.

A part stands between ``<!-- generated: NAME -->`` and ``<!-- end -->`` in a page; everything else is written by hand.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

import berth
import berth.errors
from berth.planning.docker_args.flags import ALIASES, FLAGS, Flag
from berth.protocol.command_table import COMMAND_TABLE
from berth.protocol.events import AnyEvent
from berth.protocol.session import STATE_WORDS, SessionInfo

DOCS = Path(__file__).resolve().parent
SOURCES = Path(berth.__file__).parent
WITH_PLACES = {"BadEnvironmentFile": "SettingsError", "BuildFailed": "ImageError"}
"""Errors that know a place beside what their family has."""
PART = re.compile(r"(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def main() -> int:
    """Rewrites the pages in place."""
    for page in sorted(DOCS.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        new = PART.sub(lambda part: f"{part[1]}\n{PARTS[part[2]]()}\n{part[3]}", text)
        if new != text:
            page.write_text(new, encoding="utf-8")
    return 0


def commands() -> str:
    """A section for each command: its title, what it answers, the fields of its argument."""
    sections = [
        f"### `{command.name}`\n\n{command.title}. Answers {result_of(command.result)}.\n\n" + fields(command.arguments)
        for command in COMMAND_TABLE
    ]
    return "\n".join(sections)


def flags() -> str:
    """One row for each flag of ``docker run``."""
    standing = {
        "anyone": "taken",
        "user": "taken from the user only",
        "own": "refused",
        "never": "never",
        "absent": "refused",
    }
    rows = [(spellings(flag), standing[flag.standing], f"it {flag.why}" if flag.why else "") for flag in FLAGS.values()]
    return table(("flag", "", "because"), rows)


def spellings(flag: Flag) -> str:
    """Every way to write a flag's name."""
    old = (f"--{alias}" for alias, name in ALIASES.items() if name == flag.name)
    names = [f"--{flag.name}", *([f"-{flag.short}"] if flag.short else []), *old]
    return ", ".join(f"`{name}`" for name in names)


def results() -> str:
    """A section for each thing that a command answers."""
    models = {command.result: None for command in COMMAND_TABLE if command.result.model_fields}
    shown = [model for model in models if model is not SessionInfo and "root" not in model.model_fields]
    return "\n".join(f"### `{model.__name__}`\n\n{summary(model)}\n\n{fields(model)}" for model in shown)


def session() -> str:
    """The fields of a session."""
    return fields(SessionInfo)


def states() -> str:
    """The states, and the word a person reads for each."""
    return table(("state", "a person sees"), [(f"`{state.value}`", word) for state, word in STATE_WORDS.items()])


def events() -> str:
    """One row for each kind of event."""
    union, *_ = get_args(AnyEvent)
    rows = []
    for model in get_args(union):
        names = [f"`{field.alias or name}`" for name, field in model.model_fields.items() if name != "kind"]
        rows.append((f"`{model.model_fields['kind'].default}`", ", ".join(names), summary(model)))
    return table(("kind", "carries", "says"), rows)


def errors() -> str:
    """One row for each kind of error, with the first message and hint that the code has for it."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for file in sorted(SOURCES.rglob("*.py")):
        for family, kind, message, hint in raised(ast.parse(file.read_text(encoding="utf-8"))):
            found.setdefault((family, kind), (message, hint))
    rows = [(f"`{kind}`", family, *said) for (family, kind), said in sorted(found.items())]
    return table(("kind", "family", "says, for example", "hint"), rows)


def raised(tree: ast.AST) -> Iterator[tuple[str, str, str, str]]:
    """Every error that is made with a literal kind: family, kind, message, hint."""
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.args):
            continue
        name = WITH_PLACES.get(call.func.id, call.func.id)
        family = getattr(berth.errors, name, None)
        kind = literal(call.args[0])
        if isinstance(family, type) and issubclass(family, berth.errors.BerthError) and kind:
            named = {keyword.arg: keyword.value for keyword in call.keywords}
            given = [*call.args[1:3], *(named[name] for name in ("message", "hint") if name in named)]
            message, hint, *_ = [*(literal(value) for value in given), "", ""]
            yield name, kind, message, hint


def literal(node: ast.expr) -> str:
    """A string as it stands in the code, with ``…`` for what is filled in; empty when it is no literal."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(literal(value) or "…" for value in values)
        case _:
            return ""


def fields(model: type[BaseModel]) -> str:
    """A table of a model's fields under their names on the wire."""
    schema = model.model_json_schema(by_alias=True)
    required = set(schema.get("required", ()))
    rows = [
        (f"`{name}`" + ("*" if name in required else ""), kind_of(field), field.get("description", ""))
        for name, field in schema.get("properties", {}).items()
    ]
    return table(("field", "type", ""), rows) if rows else "No fields.\n"


def kind_of(schema: dict[str, Any]) -> str:
    """A JSON schema in a few words."""
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(kind_of(one) for one in schema[key] if one.get("type") != "null")
    if "enum" in schema:
        return " or ".join(f'`"{value}"`' for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {kind_of(schema['items'])}" if schema.get("items") else "list"
    return str(schema.get("type", "anything"))


def result_of(model: type[BaseModel]) -> str:
    """What a command answers, in a few words."""
    root = model.model_fields.get("root")
    if root is not None:
        return "a list of `SessionInfo`"
    return f"`{model.__name__}`" if model.model_fields else "an empty object"


def summary(model: type[BaseModel]) -> str:
    """The first paragraph of a model's docstring, on one line."""
    return " ".join((model.__doc__ or "").split("\n\n")[0].split()).replace("``", "`")


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


PARTS: dict[str, Callable[[], str]] = {
    part.__name__: part for part in (commands, results, session, states, events, errors, flags)
}
"""Each generated part, by the name in its marker."""


if __name__ == "__main__":
    sys.exit(main())
