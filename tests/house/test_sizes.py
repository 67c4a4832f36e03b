"""The house stays small: files, functions and parameters are counted."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVER = Path(__file__).parents[2] / "server" / "berth"
FILES = sorted(SERVER.rglob("*.py"))

MOST_LINES = 250
MOST_FUNCTION_LINES = 30
MOST_PARAMETERS = 4

LONG_FILES: dict[str, str] = {}
"""Files over the limit, each with its reason."""

LONG_FUNCTIONS: dict[str, str] = {}


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body without its docstring."""
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and len(body) > 1:
        body = body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SERVER).as_posix())
def test_a_file_fits_in_one_sitting(path: Path) -> None:
    name = path.relative_to(SERVER).as_posix()
    lines = len(path.read_text().splitlines())
    if name in LONG_FILES:
        assert lines > MOST_LINES, f"{name} no longer needs its exception"
    else:
        assert lines <= MOST_LINES, f"{name} has {lines} lines: split it or argue for it"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SERVER).as_posix())
def test_a_function_does_one_thing(path: Path) -> None:
    name = path.relative_to(SERVER).as_posix()
    long = {f"{name}:{f.name}": code_lines(f) for f in functions(path) if code_lines(f) > MOST_FUNCTION_LINES}
    assert not {key: lines for key, lines in long.items() if key not in LONG_FUNCTIONS}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SERVER).as_posix())
def test_a_function_takes_few_parameters(path: Path) -> None:
    for function in functions(path):
        arguments = function.args
        positional = [a for a in arguments.posonlyargs + arguments.args if a.arg not in ("self", "cls")]
        count = len(positional) + len(arguments.kwonlyargs)
        assert count <= MOST_PARAMETERS, f"{path.name}:{function.name} takes {count} parameters"
