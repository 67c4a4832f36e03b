"""Where the engine is found."""

import hashlib
import json
import socket
from pathlib import Path

import pytest

from berth.engine.docker.addresses import default_sockets, find_endpoint
from berth.engine.docker.endpoint import Endpoint, parse_endpoint
from berth.engine.docker.shells import client_argv, shell_words
from berth.errors import EngineError


def write_context(home: Path, name: str, host: str) -> Path:
    digest = hashlib.sha256(name.encode()).hexdigest()
    folder = home / ".docker/contexts/meta" / digest
    folder.mkdir(parents=True)
    meta = {"Name": name, "Endpoints": {"docker": {"Host": host, "SkipTLSVerify": False}}}
    (folder / "meta.json").write_text(json.dumps(meta))
    return home / ".docker/contexts/tls" / digest / "docker"


def test_docker_host_wins_over_everything(tmp_path: Path) -> None:
    write_context(tmp_path, "other", "unix:///other.sock")
    environment = {"DOCKER_HOST": "unix:///mine.sock", "DOCKER_CONTEXT": "other"}
    assert find_endpoint(environment, tmp_path) == Endpoint("unix", "DOCKER_HOST", path="/mine.sock")


def test_the_named_context_wins_over_the_current_one(tmp_path: Path) -> None:
    write_context(tmp_path, "colima", "unix:///colima.sock")
    write_context(tmp_path, "remote", "tcp://192.0.2.1:2376")
    (tmp_path / ".docker/config.json").write_text('{"currentContext": "colima"}')
    assert find_endpoint({}, tmp_path).path == "/colima.sock"
    assert find_endpoint({"DOCKER_CONTEXT": "remote"}, tmp_path).url == "tcp://192.0.2.1:2376"


def test_a_context_brings_its_certificates(tmp_path: Path) -> None:
    tls = write_context(tmp_path, "remote", "tcp://192.0.2.1:2376")
    tls.mkdir(parents=True)
    (tls / "ca.pem").touch()
    found = find_endpoint({"DOCKER_CONTEXT": "remote"}, tmp_path).tls
    assert found is not None
    assert (found.ca, found.certificate, found.verify) == (tls / "ca.pem", None, True)


def test_a_context_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="'absent'"):
        find_endpoint({"DOCKER_CONTEXT": "absent"}, tmp_path)


def test_certificates_come_with_the_environment(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    environment = {"DOCKER_HOST": "tcp://h:1", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(tmp_path)}
    found = find_endpoint(environment, tmp_path)
    assert found.tls is not None
    assert (found.host, found.port, found.tls.ca) == ("h", 1, tmp_path / "ca.pem")


def test_the_first_socket_that_answers_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stale, alive = tmp_path / "stale.sock", tmp_path / "alive.sock"
    stale.touch()
    sockets = [tmp_path / "absent.sock", stale, alive]
    monkeypatch.setattr("berth.engine.docker.addresses.default_sockets", lambda *_: sockets)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(alive))
        listener.listen()
        assert find_endpoint({}, tmp_path).path == str(alive)
    assert find_endpoint({}, tmp_path).path == str(stale)


def test_rootless_desktop_and_podman_sockets_are_known(tmp_path: Path) -> None:
    known = [str(path) for path in default_sockets({"XDG_RUNTIME_DIR": "/run/user/1"}, tmp_path)]
    assert known[0] == "/var/run/docker.sock"
    wanted = ("/run/user/1/docker.sock", "/run/user/1/podman/podman.sock", f"{tmp_path}/.colima/default/docker.sock")
    assert set(wanted) <= set(known)


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("unix:///a/b.sock", "unix:///a/b.sock"),
        ("tcp://host", "tcp://host:2375"),
        ("https://host", "tcp://host:2376"),
        ("tcp://[::1]:99", "tcp://[::1]:99"),
        ("host:2375", "tcp://host:2375"),
    ],
)
def test_an_address_is_read_and_written_again(url: str, written: str) -> None:
    assert parse_endpoint(url, origin="test").url == written


@pytest.mark.parametrize("url", ["npipe:////./pipe/docker_engine", "ssh://me@host", "fd://", "tcp://"])
def test_an_address_that_cannot_be_spoken_says_what_to_do(url: str) -> None:
    with pytest.raises(EngineError) as caught:
        parse_endpoint(url, origin="DOCKER_HOST")
    assert caught.value.kind == "engine-unreachable"
    assert caught.value.hint


def test_the_shell_goes_to_the_same_engine() -> None:
    unix, tcp = parse_endpoint("unix:///p.sock", origin=""), parse_endpoint("https://h", origin="")
    assert client_argv(unix, shell_words("c1", {}), program="docker")[:5] == (
        "docker",
        "-H",
        "unix:///p.sock",
        "exec",
        "-it",
    )
    assert client_argv(unix, shell_words("c1", {}), program="podman")[:3] == ("podman", "--url", "unix:///p.sock")
    assert "--tlsverify" in client_argv(tcp, shell_words("c1", {}), program="docker")


def test_programs_in_a_shell_know_what_they_are_told() -> None:
    words = shell_words("c1", {"https_proxy": "http://127.0.0.1:1", "NO_PROXY": "localhost"})
    assert words[:7] == ("exec", "-it", "-e", "https_proxy=http://127.0.0.1:1", "-e", "NO_PROXY=localhost", "c1")
