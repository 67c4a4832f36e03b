"""The program that drives BuildKit: which one, with what on its line and in its environment, and how it ends."""

import os
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from berth.engine.docker.buildkit_line import command_line, environment_of
from berth.engine.docker.buildkit_program import BuildkitProgram, find_program
from berth.engine.docker.buildkit_run import ClientFailed, printed
from berth.engine.docker.endpoint import Endpoint, Tls
from berth.errors import EngineError, ImageError
from berth.planning.image_plan import BuildRecipe

BUILDX = BuildkitProgram(("/x/docker-buildx", "build"), "rawjson", ("--builder=default", "--load"))
PATH = {"PATH": os.environ["PATH"]}


def recipe(**more: object) -> BuildRecipe:
    return BuildRecipe(Path("/w"), "Dockerfile", {"B": "1", "A": "--privileged x"}, "berth/build:1", **more)  # type: ignore[arg-type] # any field


def program(folder: Path, name: str, version: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\necho '{version}'\n")
    (folder / name).chmod(0o755)
    return folder / name


def test_text_of_people_stands_behind_the_equals_sign_of_a_flag_only() -> None:
    made = recipe(
        target="--help",
        platform="--x",
        cache_from=("--evil",),
        cache_to=("--evil",),
        secrets={"id,x": Path('/a "b",c')},
        labels={"--l": "--v"},
        ssh=True,
        pull=True,
        no_cache=True,
    )
    line = command_line(BUILDX, made, file="--file", context="-")
    assert line[:2] == ["/x/docker-buildx", "build"]
    assert line[-1] == "-"
    known = {"--progress", "--builder", "--build-arg", "--label", "--cache-from", "--cache-to", "--secret", "--ssh"}
    known |= {"--target", "--platform", "--file", "--tag", "--load", "--no-cache", "--pull"}
    assert {each.partition("=")[0] for each in line[2:-1]} == known
    assert '--secret="id=id,x","src=/a ""b"",c"' in line


def test_what_an_overlay_lies_on_is_not_asked_for_at_a_registry() -> None:
    line = command_line(BUILDX, recipe(pull=True, overlay="berth/agent:1"), file="f", context="-")
    assert "--pull" not in line


def test_the_program_sees_no_more_of_the_environment_than_it_needs() -> None:
    surroundings = {
        "PATH": "/bin",
        "HOME": "/home/me",
        "https_proxy": "http://proxy",
        "DOCKER_CONFIG": "/c",
        "DOCKER_HOST": "tcp://elsewhere",
        "DOCKER_CONTEXT": "other",
        "ANTHROPIC_API_KEY": "secret",
        "BUILDX_BUILDER": "mine",
        "SSH_AUTH_SOCK": "/agent",
    }
    tls = Tls(Path("/t/ca.pem"), Path("/t/cert.pem"), Path("/t/key.pem"), verify=True)
    seen = environment_of(surroundings, Endpoint("tcp", "test", host="h", port=2376, tls=tls), ssh=False)
    assert {"PATH", "HOME", "https_proxy", "DOCKER_CONFIG"} <= seen.keys()
    assert (seen["DOCKER_HOST"], seen["DOCKER_CERT_PATH"], seen["DOCKER_TLS_VERIFY"]) == ("tcp://h:2376", "/t", "1")
    assert not {"DOCKER_CONTEXT", "ANTHROPIC_API_KEY", "BUILDX_BUILDER", "SSH_AUTH_SOCK"} & seen.keys()
    assert environment_of(surroundings, Endpoint("unix", "", path="/s"), ssh=True)["SSH_AUTH_SOCK"] == "/agent"


@pytest.mark.parametrize(
    ("version", "progress"), [("v0.13.1", "rawjson"), ("0.30.0-desktop.1", "rawjson"), ("v0.9.1", "plain")]
)
def test_the_users_buildx_is_found_and_asked_for_what_it_can(tmp_path: Path, version: str, progress: str) -> None:
    path = program(tmp_path / ".docker" / "cli-plugins", "docker-buildx", f"github.com/docker/buildx {version} abc")
    found = find_program(PATH, tmp_path)
    assert found is not None
    assert (found.argv, found.progress, found.is_buildx) == ((str(path), "build"), progress, True)


def test_plugins_are_looked_for_where_dockers_configuration_says(tmp_path: Path) -> None:
    path = program(tmp_path / "extra", "docker-buildx", "github.com/docker/buildx v0.20.0 abc")
    (tmp_path / "config.json").write_text(f'{{"cliPluginsExtraDirs": ["{tmp_path}/extra"]}}')
    found = find_program({**PATH, "DOCKER_CONFIG": str(tmp_path)}, Path("/nowhere"))
    assert found is not None
    assert found.argv[0] == str(path)


@pytest.mark.parametrize(("version", "used"), [("20.10.24+dfsg1", ["plain"]), ("17.03.1", []), ("28.2.2", [])])
def test_a_docker_cli_counts_while_it_has_a_client_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, used: list[str]
) -> None:
    monkeypatch.setattr("berth.engine.docker.buildkit_program.PLUGIN_FOLDERS", ())
    program(tmp_path, "docker", f"Docker version {version}, build 1")
    found = find_program({"PATH": str(tmp_path)}, tmp_path)
    assert [each.progress for each in (found,) if each] == used
    assert not (found and found.is_buildx)


def test_a_plugin_that_does_not_run_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("berth.engine.docker.buildkit_program.PLUGIN_FOLDERS", (str(tmp_path),))
    (tmp_path / "docker-buildx").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "docker-buildx").chmod(0o755)
    assert find_program({"PATH": "/nowhere"}, tmp_path) is None


async def output(*argv: str, stdin: Iterator[bytes] | None = None) -> bytes:
    with anyio.fail_after(20):
        return b"".join([data async for data in printed(argv, environment=PATH, stdin=stdin)])


@pytest.mark.anyio
async def test_it_reads_all_of_a_large_stdin() -> None:
    assert await output("sh", "-c", "wc -c >&2", stdin=iter([b"x" * 1_000_000] * 8)) == b"8000000\n"


@pytest.mark.anyio
async def test_a_program_that_stops_reading_and_fails_says_why() -> None:
    with pytest.raises(ClientFailed):
        await output("sh", "-c", "exit 3", stdin=iter([b"x" * 1_000_000] * 8))


@pytest.mark.anyio
async def test_a_context_that_breaks_ends_the_program_before_it_could_take_it_for_whole(tmp_path: Path) -> None:
    def breaks() -> Iterator[bytes]:
        yield b"first"
        raise ImageError("context-changed", "x changed.")

    with pytest.raises(ImageError, match="x changed"):
        await output("sh", "-c", f"cat > {tmp_path}/got; echo whole > {tmp_path}/end", stdin=breaks())
    assert not (tmp_path / "end").exists()


@pytest.mark.anyio
async def test_leaving_ends_the_program_and_its_children_and_closes_the_context() -> None:
    closed = anyio.Event()
    host = anyio.lowlevel.current_token()

    def endless() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 100_000
        finally:
            anyio.from_thread.run_sync(closed.set, token=host)

    with anyio.fail_after(20):
        found = printed(("sh", "-c", "sleep 100 & echo $! >&2; wait"), environment=PATH, stdin=endless())
        child = int(await anext(found))
        await found.aclose()
        await closed.wait()
    assert has_ended(child)


def has_ended(process: int) -> bool:
    """Gone, or waiting to be reaped by whoever inherits it."""
    command = Path(f"/proc/{process}/cmdline")
    return not command.exists() or not command.read_bytes()


@pytest.mark.anyio
async def test_a_program_that_cannot_be_started_is_an_error_for_people(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="BERTH_BUILDER=classic"):
        await output(str(tmp_path / "absent"))
