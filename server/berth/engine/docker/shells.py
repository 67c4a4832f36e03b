"""The argv of the engine's own client, for a terminal. Pure."""

from collections.abc import Mapping, Sequence

from berth.engine.docker.endpoint import Endpoint

_INSIDE = "if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi"


def shell_words(container: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    """An interactive shell in a container with these variables, as words after the client's name."""
    variables = (word for name, value in environment.items() for word in ("-e", f"{name}={value}"))
    return ("exec", "-it", *variables, container, "/bin/sh", "-c", _INSIDE)


def client_argv(endpoint: Endpoint, words: Sequence[str], *, program: str) -> tuple[str, ...]:
    """The command-line client on the same engine.

    Args:
        endpoint: Where the engine is.
        words: What it is told.
        program: The client to use: ``docker``, or ``podman`` where only that is installed.
    """
    return (program, *_address(endpoint, program), *words)


def _address(endpoint: Endpoint, program: str) -> tuple[str, ...]:
    if program.endswith("podman"):
        return ("--url", endpoint.url)
    if endpoint.scheme == "unix":
        return ("-H", endpoint.url)
    return ("-H", endpoint.url, *_tls(endpoint))


def _tls(endpoint: Endpoint) -> tuple[str, ...]:
    tls = endpoint.tls
    if tls is None:
        return ()
    files = {"--tlscacert": tls.ca, "--tlscert": tls.certificate, "--tlskey": tls.key}
    given = (word for flag, path in files.items() if path for word in (flag, str(path)))
    return ("--tlsverify" if tls.verify else "--tls", *given)
