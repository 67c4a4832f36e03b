"""Planning looks at nothing: no file, no clock, no environment, no program, no network."""

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import berth.planning
from tests.planning.plans import Case, profile

ROOM = Path(berth.planning.__file__).parent
BARRED = {
    "os",
    "io",
    "time",
    "datetime",
    "random",
    "secrets",
    "uuid",
    "socket",
    "subprocess",
    "shutil",
    "tempfile",
    "glob",
}
BARRED |= {"platform", "getpass", "pwd", "threading", "asyncio", "anyio", "urllib.request", "http", "locale", "logging"}
LOOKS = ("open", "os.", "socket.", "subprocess.", "shutil.", "glob.", "pathlib.", "tempfile.", "time.sleep", "import")
PATH_CALLS = {"exists", "is_file", "is_dir", "resolve", "stat", "lstat", "read_text", "read_bytes", "open", "iterdir"}
PATH_CALLS |= {"glob", "rglob", "expanduser", "home", "cwd", "absolute", "readlink", "is_symlink", "samefile", "touch"}

_seen: list[str] = []
_watching = False


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event.startswith(LOOKS):
        _seen.append(f"{event} {arguments!r}")


sys.addaudithook(_hear)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Everything the interpreter is asked to look at meanwhile."""
    global _watching  # noqa: PLW0603 - an audit hook stays for ever and takes no argument
    _seen.clear()
    _watching = True
    try:
        yield _seen
    finally:
        _watching = False


def rich() -> Case:
    """A plan with something of everything."""
    keys = {
        "image": "node:22",
        "env": {"A": "1"},
        "envFile": "x.env",
        "forwardEnv": ["AWS_*"],
        "volumes": ["./config:/config:ro", "npm", "data:/data"],
        "share": ["gitconfig"],
        "resources": {"memory": "2g", "timeLimit": "1h", "gpus": "all"},
        "dockerArgs": [
            "--cap-add",
            "KILL",
            "-p",
            "8080:80",
            "--tmpfs",
            "/scratch",
            "-e",
            "B",
            "--add-host",
            "a:1.2.3.4",
        ],
    }
    facts = {"existing": frozenset(Path(path) for path in ("/home/ada/project/config", "/home/ada/.gitconfig"))}
    environment = {"AWS_KEY": "x", "B": "2", "HTTP_PROXY": "http://localhost:1", "SSH_AUTH_SOCK": "/run/agent"}
    policy = {"images": ["node"], "mounts": ["~/"], "resources": {"cpus": 1}}
    layers: Any = {"user": {**profile(**keys), "policy": policy}, "workspace": profile(image="evil:1")}
    return Case(layers, files={"x.env": "C=3", ".env": "D=4"}, environment=environment, facts=facts, network="open")


def test_a_plan_is_made_without_a_look_at_the_machine() -> None:
    case = rich()
    case.plan()  # whatever is imported or compiled late has been by now
    with watched() as seen:
        plan = case.plan()
    assert seen == []
    assert plan.breaches


def test_a_look_would_be_seen() -> None:
    with watched() as seen:
        Path("/nowhere").exists()
        with pytest.raises(FileNotFoundError):
            Path("/nowhere").open()  # noqa: SIM115 - it does not open
    assert seen


def test_the_same_facts_are_the_same_plan() -> None:
    assert rich().plan() == rich().plan()


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOM)))
def test_no_module_could_look(path: Path) -> None:
    tree = ast.parse(path.read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported & BARRED == set()
    called = {
        node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert called & PATH_CALLS == set()
