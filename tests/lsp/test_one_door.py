"""Whatever text goes to the editor as a message goes through the sanitiser: read off the code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import berth.lsp
from berth.errors import BerthError, ImageError
from berth.lsp.failures import error_object
from berth.lsp.sanitise import LINES_LIMIT, sanitise_lines

LSP = Path(berth.lsp.__file__).parent
TEXTS = {"message", "title", "label", "detail", "tooltip", "documentation", "contents", "new_text"}
"""Fields of the protocol that an editor shows to a person."""

SAFE = {"sanitise", "sanitise_lines"}
EXCEPTIONS = {
    ("code_actions.py", "title"): "that of a command of our own making, made safe there",
    ("failures.py", "message"): "put together from what sanitise_lines answered",
    ("protocol.py", "message"): "Berth's own words about a frame that cannot be read",
    ("questions.py", "title"): "that of an answer, made safe in answers.py",
    ("transcripts.py", "message"): "assigned from sanitise in the line above",
}


def shown() -> Iterator[tuple[str, str, ast.expr]]:
    """Every place where such a field gets a value."""
    for path in sorted(LSP.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg in TEXTS:
                yield path.name, node.arg, node.value
            elif isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value in TEXTS:
                        yield path.name, str(key.value), value


def is_safe(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return True
    if isinstance(value, ast.BoolOp):
        return all(map(is_safe, value.values))
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in SAFE


def test_every_text_for_a_person_comes_from_the_sanitiser() -> None:
    unsafe = {(file, field) for file, field, value in shown() if not is_safe(value)}
    assert unsafe - EXCEPTIONS.keys() == set()
    assert sum(1 for *_, value in shown() if is_safe(value)) >= 8


def test_no_exception_is_kept_that_is_not_needed() -> None:
    unsafe = {(file, field) for file, field, value in shown() if not is_safe(value)}
    assert EXCEPTIONS.keys() - unsafe == set()


def test_an_error_that_answers_a_request_is_made_safe() -> None:
    error = ImageError("build-failed", "Step 1 said:\n\x1b[31m[x](command:evil)\x1b[0m\u202e", "Do [y](command:z).")
    answered = error_object(error, method="m")
    for text in (answered["message"], answered["data"]["message"], answered["data"]["hint"]):
        assert "](" not in text
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert answered["data"]["message"] == "Step 1 said:\n[x] (command:evil)"
    assert "](" not in error_object(BerthError("x", "[a](command:b)"), method="m")["message"]


def test_many_lines_stay_lines_and_are_bounded() -> None:
    assert sanitise_lines("a\n\n b\u200b \nc") == "a\n\nb\nc"
    assert len(sanitise_lines("line\n" * 100_000)) <= LINES_LIMIT
