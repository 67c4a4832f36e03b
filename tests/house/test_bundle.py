"""The server that the VS Code extension brings: its list of libraries."""

import re
import runpy
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEEDED = runpy.run_path(str(ROOT / "vscode-client" / "bundle.py"))["needed"]

LOCK = """\
alpha==1 \\
    --hash=sha256:aa
    # via agent-berth (pyproject.toml)
beta==2 ; sys_platform == 'win32' \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via
    #   alpha
    #   tool
tool==3 \\
    --hash=sha256:dd
    # via agent-berth (pyproject.toml:dev)
"""


def test_what_the_server_needs_is_listed_with_hashes_and_markers_and_tools_are_not() -> None:
    listed = "".join(NEEDED(LOCK))
    assert listed.splitlines() == [
        "alpha==1 \\",
        "    --hash=sha256:aa",
        "beta==2 ; sys_platform == 'win32' \\",
        "    --hash=sha256:bb \\",
        "    --hash=sha256:cc",
    ]


def test_every_dependency_of_the_server_is_in_the_list() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    listed = {entry.partition("==")[0] for entry in NEEDED(lock)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = {re.split(r"[<>=!~ ]", dependency)[0] for dependency in project["dependencies"]}
    assert asked < listed
    assert not {"pytest", "mypy", "hatchling"} & listed
