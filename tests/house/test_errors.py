"""The tree of errors at the top of ``errors.py`` names every kind that the code raises."""

import ast
from collections.abc import Iterator
from pathlib import Path

import berth.errors
from berth.errors import BerthError

SERVER = Path(__file__).parents[2] / "server" / "berth"
CLASSES = {
    name for name, thing in vars(berth.errors).items() if isinstance(thing, type) and issubclass(thing, BerthError)
}


def raised_kinds() -> Iterator[tuple[str, str]]:
    for path in SERVER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CLASSES and node.args:
                kind = node.args[0]
                if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
                    yield kind.value, path.name


def test_the_tree_names_every_kind_that_is_raised() -> None:
    tree = berth.errors.__doc__ or ""
    missing = {f"{kind} ({file})" for kind, file in raised_kinds() if kind not in tree}
    assert not missing
    assert sum(1 for _ in raised_kinds()) > 50
