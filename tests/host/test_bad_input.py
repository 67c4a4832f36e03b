"""Settings and requests that cannot be used: each is one sentence with its place, and no session is touched."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from berth.errors import BerthError
from berth.host.host import Host
from berth.protocol.session import State
from tests.host.test_host import SETTINGS, House

pytestmark = pytest.mark.anyio

SECRET = "canary-never-quoted"


def docker(**settings: object) -> dict[str, Any]:
    return {**SETTINGS, "docker": {"defaultImage": "berth-test", **settings}}


def web(**keys: object) -> dict[str, Any]:
    return docker(defaultProfile="web", profiles={"web": keys})


async def sentence(house: House, settings: object, **fields: object) -> BerthError:
    """Starts with these settings beside a session that runs; the refusal, after a look at what it did."""
    running = await house.start(session="running")
    await house.until(running, State.IDLE)
    before = listed(house.host)
    house.editor.settings = settings
    with pytest.raises(BerthError) as caught:
        await house.start(session="refused", **fields)
    assert listed(house.host) == before
    assert house.host.session(running).info.state is State.IDLE
    error = caught.value
    assert error.message.endswith(".")
    assert len(error.message.splitlines()) == 1
    assert SECRET not in str(error)
    return error


def listed(host: Host) -> list[tuple[str, State, int]]:
    return [(session.info.id, session.info.state, session.info.seq) for session in host.sessions()]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"agent": 7}, "berth.agent must be a string"),
        ({"agents": []}, "berth.agents must be an object"),
        ({"agents": {"mine": {"command": "x"}}}, "berth.agents.mine.command must be a list"),
        ({"agents": {"mine": {"command": []}}}, "berth.agents.mine.command must not be empty"),
        ({"agents": {"mine": {"dialect": "json"}}}, "berth.agents.mine.dialect must be 'acp', 'claude' or 'lines'"),
        ({"docker": 1}, "berth.docker must be an object"),
        (docker(defaultImage=[]), "berth.docker.defaultImage must be a string"),
        (docker(allowCustomImages="no"), "berth.docker.allowCustomImages must be true or false"),
        (docker(allowedImages="node"), "berth.docker.allowedImages must be a list"),
        (docker(forwardEnv="A"), "berth.docker.forwardEnv must be a list"),
        (docker(share="aws"), "berth.docker.share must be a list"),
        (docker(profiles=[]), "berth.docker.profiles must be an object"),
        (web(env=[]), "berth.docker.profiles.web.env must be an object"),
        (web(env={"A": {}}), "berth.docker.profiles.web.env.A must be a string"),
        (web(volumes=[3]), "berth.docker.profiles.web.volumes.0 must be a string"),
        (web(dockerArgs={}), "berth.docker.profiles.web.dockerArgs must be a list"),
        (web(resources=[]), "berth.docker.profiles.web.resources must be an object"),
        (web(extends={}), "berth.docker.profiles.web.extends must be a list"),
        (7, "berth must be an object"),
    ],
)
async def test_a_value_of_a_wrong_type_is_named(house: House, settings: object, says: str) -> None:
    assert says in (await sentence(house, settings)).message


async def test_an_unknown_key_is_named_with_the_one_that_is_meant(house: House) -> None:
    error = await sentence(house, docker(defualtProfile="web"))
    assert error.message == "berth.docker.defualtProfile is not a setting – perhaps “defaultProfile” is meant."


@pytest.mark.parametrize("written", ["90", "soon", "1h 30", "2w", "-1h", 90])
async def test_a_bad_duration(house: House, written: object) -> None:
    message = (await sentence(house, web(resources={"timeLimit": written}))).message
    assert message.startswith("berth.docker.profiles.web.resources.timeLimit must be ")


@pytest.mark.parametrize("written", ["2gb?", "big", "1p", "-1g", [], True, "1m"])
async def test_a_bad_size(house: House, written: object) -> None:
    message = (await sentence(house, docker(resources={"memory": written}))).message
    assert message.startswith("berth.docker.resources.memory must be ")


async def test_a_missing_env_file(house: House) -> None:
    error = await sentence(house, web(envFile=".env.gone"))
    assert error.kind == "bad-env-file"
    assert f"{house.editor.folder}/.env.gone is no file that exists" in error.message


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (os.mkfifo, "is not a plain file"),
        (lambda path: path.symlink_to("/etc/passwd"), "is a symbolic link or lies behind one"),
        (lambda path: path.write_bytes(b"A=\xff\xfe"), "is not UTF-8 text"),
        (lambda path: path.write_text("A=1\n" * 100_000), "is larger than 64 KiB"),
        (lambda path: os.link(_written(path.with_name("other")), path), "has more than one hard link"),
    ],
    ids=["fifo", "symbolic link", "not text", "too large", "hard link"],
)
async def test_an_env_file_that_cannot_be_read(house: House, make: Callable[[Path], object], says: str) -> None:
    make(house.editor.folder / "x.env")
    error = await sentence(house, web(envFile="x.env"))
    assert (error.kind, says in error.message) == ("bad-env-file", True)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (f"1A={SECRET}", "x.env:1 "),
        (f"A B={SECRET}", "x.env:1 "),
        (f"A='{SECRET}", "x.env:1 "),
        (f"ok=1\nA-B={SECRET}", "x.env:2 "),
        (f"A={SECRET}\0", "x.env:1 "),
    ],
)
async def test_a_line_of_an_env_file_that_cannot_be_read_is_named(house: House, line: str, says: str) -> None:
    (house.editor.folder / "x.env").write_text(line)
    error = await sentence(house, web(envFile="x.env"))
    assert (error.kind, says in error.message) == ("bad-env-file", True)


@pytest.mark.parametrize("name", ["", "1A", "A B", "A-B", "A=B", "Ä", "A\n", "A\0"])
async def test_an_invalid_name_of_a_variable(house: House, name: str) -> None:
    message = (await sentence(house, web(env={name: SECRET}))).message
    assert "is not a name that can be used here" in message


async def test_a_nul_in_a_value(house: House) -> None:
    message = (await sentence(house, web(env={"A": f"{SECRET}\0"}))).message
    assert message == "berth.docker.profiles.web.env.A must not contain a NUL character."


async def test_a_newline_in_a_value_is_part_of_it(house: House) -> None:
    house.editor.settings = web(env={"A": "one\ntwo"})
    session = await house.start()
    await house.until(session, State.IDLE)
    [value] = [one.value for one in house.host.session(session).plan.agent.environment if one.name == "A"]
    assert value == "one\ntwo"


async def test_a_newline_in_a_name_of_an_image(house: House) -> None:
    assert (await sentence(house, docker(defaultImage="node\n22"))).kind == "bad-image"


async def test_a_mount_that_does_not_exist(house: House) -> None:
    error = await sentence(house, web(volumes=["./gone:/data"]))
    assert (error.kind, "has a source that does not exist" in error.message) == ("bad-mount", True)


async def test_a_mount_that_leaves_the_workspace_through_a_link(house: House) -> None:
    (house.editor.folder / "link").symlink_to("/etc")
    error = await sentence(house, web(volumes=["./link:/data"]))
    assert error.kind == "policy-breach"
    assert "“mount /data: /etc, read and write”" in error.message
    assert "its source is outside the workspace" in error.message


async def test_a_mount_that_leaves_the_workspace_by_dots(house: House) -> None:
    error = await sentence(house, web(volumes=["./a/../../state:/data"]))
    assert (error.kind, "its source is outside the workspace" in error.message) == ("policy-breach", True)


async def test_a_circle_of_profiles(house: House) -> None:
    profiles = {"a": {"extends": "b"}, "b": {"extends": ["c"]}, "c": {"extends": "a"}}
    error = await sentence(house, docker(profiles=profiles), profile="a")
    assert "closes a circle: a → b → c → a" in error.message


async def test_a_profile_that_extends_what_is_not_there(house: House) -> None:
    profiles = {"web": {"extends": "bsae"}, "base": {}}
    error = await sentence(house, docker(profiles=profiles), profile="web")
    assert "names “bsae”, which is no profile – perhaps “base” is meant" in error.message


@pytest.mark.parametrize("volumes", [["one:/data", "two:/data/"], ["one:/data", "two:/x/../data"]])
async def test_two_mounts_at_one_place(house: House, volumes: list[str]) -> None:
    error = await sentence(house, web(volumes=volumes))
    assert (error.kind, "in the way of another mount" in error.message) == ("bad-mount", True)


@pytest.mark.parametrize("image", ["--privileged", "-v", "-"])
async def test_an_image_that_begins_with_a_hyphen(house: House, image: str) -> None:
    for settings, fields in ((docker(defaultImage=image), {}), (docker(), {"image": image})):
        house.editor.settings = settings
        with pytest.raises(BerthError) as caught:
            await house.start(**fields)
        assert caught.value.kind == "bad-image"
        assert f"“{image}”" in caught.value.message
        assert house.host.sessions() == ()


def _written(path: Path) -> Path:
    path.write_text("A=1")
    return path
