"""The argv that opens a shell in a container from a terminal. Pure."""

from berth.engine.docker.endpoint import Endpoint

_INSIDE = "if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi"


def shell_argv(endpoint: Endpoint, container: str, *, program: str) -> tuple[str, ...]:
    """An interactive shell over the same engine.

    Args:
        endpoint: Where the engine is.
        container: Its id.
        program: The command-line client to use: ``docker``, or ``podman`` where only that is installed.
    """
    address = _address(endpoint, program)
    return (program, *address, "exec", "-it", container, "/bin/sh", "-c", _INSIDE)


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
