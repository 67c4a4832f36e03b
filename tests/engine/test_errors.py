"""Messages as Docker 20.10 and Podman 4.3 really wrote them, and what becomes of them."""

import pytest

from berth.engine.docker.errors import RULES, Subject, from_exception, from_message
from berth.errors import BerthError

RUNC = "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: "
PODMAN_RUNC = 'runc: time="2026-11-21T15:08:28Z" level=error msg="runc create failed: unable to start: '

RECORDED = [
    (
        409,
        'Conflict. The container name "/one" is already in use by container "d4356". You',
        "name-taken",
    ),
    (
        500,
        'container create: the container name "one" is already in use by 16db4: that name is',
        "name-taken",
    ),
    (
        500,
        (
            "driver failed programming external connectivity on endpoint one: Error starting userland proxy: listen"
            " tcp4 127.0.0.1:18081: bind: address already in use"
        ),
        "port-in-use",
    ),
    (
        500,
        (
            "driver failed programming external connectivity on endpoint one (72bdd): Bind for 127.0.0.1:18080 failed:"
            " port is already allocated"
        ),
        "port-in-use",
    ),
    (500, "task 427b51d6e7beabd448d36abc: already exists", "engine-failed"),
    (404, "No such image: nope:1", "image-not-found"),
    (404, "no such image: docker.io/library/nope:1: image not known", "image-not-found"),
    (404, "failed to find image nope: docker.io/library/nope: No such image", "image-not-found"),
    (400, "no such image: UPPER:x:y: invalid reference format: repository name must be lowercase", "image-not-found"),
    (500, "normalizing image: normalizing name for compat API: invalid reference format", "image-not-found"),
    (404, "pull access denied for x, repository does not exist or may require 'docker login'", "image-not-found"),
    (404, "manifest for debian:nope not found: manifest unknown: manifest unknown", "image-not-found"),
    (400, 'invalid mount config for type "bind": bind source path does not exist: /nope', "bad-mount"),
    (
        400,
        "invalid mount config for type \"bind\": invalid mount path: 'relative' must be absolute",
        "bad-mount",
    ),
    (400, "Duplicate mount point: /x", "bad-mount"),
    (400, 'create a b: "a b" includes invalid characters for a local volume name', "bad-mount"),
    (500, 'container create: creating named volume "a b": names must match [a-zA-Z0-9]', "bad-mount"),
    (500, "container create: statfs /x/relative: no such file or directory", "bad-mount"),
    (500, "fill out specgen: /x: duplicate mount destination", "bad-mount"),
    (500, "Mounts denied: The path /x is not shared from the host and is not known to Docker.", "bad-mount"),
    (400, RUNC + 'exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown', "image-lacks-shell"),
    (500, PODMAN_RUNC + 'exec: \\"/bin/sh\\": stat /bin/sh: no such file or directory"', "image-lacks-shell"),
    (400, RUNC + "exec /bin/sh: exec format error: unknown", "image-wrong-platform"),
    (
        500,
        RUNC + "error setting rlimits for ready process: error setting rlimit type 7: operation",
        "engine-failed",
    ),
    (500, "container create: container-init binary not found on the host: stat /usr/libexec", "engine-failed"),
    (
        500,
        'Get "https://registry-1.docker.io/v2/": dial tcp: lookup it: no such host',
        "registry-unreachable",
    ),
    (
        500,
        "pinging container registry localhost:1: connection refused",
        "registry-unreachable",
    ),
    (429, "toomanyrequests: You have reached your pull rate limit.", "registry-unreachable"),
    (500, "write /var/lib/docker/tmp/x: no space left on device", "disk-full"),
    (400, "client version 1.10 is too old. Minimum supported API version is 1.12", "engine-too-old"),
    (404, "No such container: 0000", "container-gone"),
    (404, 'no container with name or ID "0000" found: no such container', "container-gone"),
    (409, "Cannot kill container: 0f6d: Container 0f6d is not running", "container-gone"),
    (500, "can only kill running containers. aea9 is in state created: container state improper", "container-gone"),
    (409, "removal of container 0f6d is already in progress", "container-gone"),
    (404, "get nope: no such volume", "volume-gone"),
    (404, 'no volume with name "nope" found: no such volume', "volume-gone"),
    (500, "something nobody has seen", "engine-failed"),
]


@pytest.mark.parametrize(("status", "said", "kind"), RECORDED)
def test_a_recorded_message_becomes_its_kind_with_a_name_and_a_hint(status: int, said: str, kind: str) -> None:
    error = from_message(status, said, subject=Subject("berth-one", "nope:1"))
    assert error.kind == kind
    assert error.hint
    named = ("berth-one", "nope:1", "engine", "API")
    assert any(name in error.message for name in named)


def test_every_rule_is_met_by_a_recorded_message() -> None:
    met = {from_message(status, said, subject=Subject("c", "i")).kind for status, said, _ in RECORDED}
    assert {rule.kind for rule in RULES} <= met


def test_a_long_answer_is_cut_in_its_middle_for_it_ends_with_the_reason() -> None:
    said = f"removing container {'a' * 400}: unlinkat /x: device or resource busy"
    error = from_message(500, said, subject=Subject("c"))
    assert "removing container aaa" in error.message
    assert "unlinkat /x: device or resource busy" in error.message
    assert len(error.message) < 400


def test_a_long_message_is_shortened_to_one_line() -> None:
    error = from_message(500, "line one\nline two " + "x" * 1000, subject=Subject("c"))
    assert "\n" not in error.message
    assert len(error.message) < 400


def wrapped(inner: BaseException) -> BaseException:
    """As requests and docker-py hand it on: inside the arguments of other errors."""
    return RuntimeError("Error while fetching server API version", ConnectionError("aborted", inner))


@pytest.mark.parametrize(
    ("inner", "kind"),
    [
        (PermissionError(13, "Permission denied"), "engine-permission"),
        (FileNotFoundError(2, "No such file or directory"), "engine-unreachable"),
        (ConnectionRefusedError(111, "Connection refused"), "engine-unreachable"),
        (TimeoutError("timed out"), "engine-busy"),
    ],
)
def test_a_connection_that_fails_is_explained_from_any_depth(inner: BaseException, kind: str) -> None:
    for error in (inner, wrapped(inner)):
        translated = from_exception(error, address="unix:///var/run/docker.sock")
        assert translated.kind == kind
        assert "unix:///var/run/docker.sock" in translated.message
        assert translated.hint


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32", "freebsd14"])
def test_each_platform_has_its_own_hint(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", platform)
    hints: list[BerthError] = [
        from_exception(PermissionError(13, "no"), address="a"),
        from_exception(FileNotFoundError(2, "no"), address="a"),
        from_message(400, "bind source path does not exist: /x", subject=Subject("c")),
    ]
    assert all(error.hint for error in hints)
    assert ("systemctl" in hints[1].hint) == (platform in ("linux", "freebsd14"))
