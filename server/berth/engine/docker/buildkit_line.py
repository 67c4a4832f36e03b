"""The command line and the environment that drive BuildKit. Pure.

Text of a user or a workspace stands only behind the ``=`` of a flag, as one argument, and no shell reads it.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from berth.engine.docker.buildkit_program import BuildkitProgram
from berth.engine.docker.classic import is_pulled, labels
from berth.engine.docker.endpoint import Endpoint
from berth.planning.image_plan import BuildRecipe

_KEPT = frozenset({"PATH", "HOME", "USER", "LANG", "TMPDIR"})
_PROXIES = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "FTP_PROXY"})
_OURS = frozenset(
    {"DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_BUILDKIT"}
    | {"DOCKER_DEFAULT_PLATFORM"}
)
"""What decides where and how is built: Berth's to say, the same for every builder."""

_QUIET = {
    "DOCKER_BUILDKIT": "1",
    "DOCKER_CLI_HINTS": "false",
    "DOCKER_SCAN_SUGGEST": "false",
    "NO_COLOR": "1",
    "BUILDX_NO_DEFAULT_ATTESTATIONS": "1",
    "BUILDX_GIT_INFO": "false",
}
"""No attestations: they carry times, so that the same build would always be another image. No git in any folder."""


def command_line(program: BuildkitProgram, recipe: BuildRecipe, *, file: str, context: str) -> list[str]:
    """The arguments. ``context`` is ``-`` for a tar on stdin, else an absolute path of ours.

    Args:
        program: What is run.
        recipe: What is built.
        file: The Dockerfile in the tar, or an absolute path of ours.
        context: See above.
    """
    flags = [f"--progress={program.progress}", *program.flags, *_flags(recipe), f"--file={file}"]
    return [*program.argv, *flags, f"--tag={recipe.tag}", context]


def environment_of(surroundings: Mapping[str, str], endpoint: Endpoint, *, ssh: bool) -> dict[str, str]:
    """What the program sees of the environment: where programs, logins and proxies are, and the engine's address."""
    kept = {
        name: value
        for name, value in surroundings.items()
        if name in _KEPT or name.upper() in _PROXIES or (name.startswith("DOCKER_") and name not in _OURS)
    }
    agent = {"SSH_AUTH_SOCK": surroundings["SSH_AUTH_SOCK"]} if ssh and "SSH_AUTH_SOCK" in surroundings else {}
    return {**kept, **agent, **_QUIET, **_address(endpoint)}


def _flags(recipe: BuildRecipe) -> Iterator[str]:
    yield from (f"--build-arg={name}={value}" for name, value in sorted(recipe.arguments.items()))
    yield from (f"--label={name}={value}" for name, value in sorted(labels(recipe).items()))
    yield from (f"--cache-from={source}" for source in recipe.cache_from)
    yield from (f"--cache-to={target}" for target in recipe.cache_to)
    yield from (f"--secret={_fields(f'id={name}', f'src={path}')}" for name, path in sorted(recipe.secrets.items()))
    yield from ("--ssh=default",) if recipe.ssh else ()
    yield from (f"--target={recipe.target}",) if recipe.target else ()
    yield from (f"--platform={recipe.platform}",) if recipe.platform else ()
    yield from ("--no-cache",) if recipe.no_cache else ()
    yield from ("--pull",) if is_pulled(recipe) else ()


def _fields(*fields: str) -> str:
    """Fields with commas between, quoted as the Docker CLI reads them."""
    row = io.StringIO()
    csv.writer(row, lineterminator="").writerow(fields)
    return row.getvalue()


def _address(endpoint: Endpoint) -> dict[str, str]:
    address = {"DOCKER_HOST": endpoint.url}
    if endpoint.tls:
        found = (endpoint.tls.ca, endpoint.tls.certificate, endpoint.tls.key)
        folder: Path | None = next((file.parent for file in found if file), None)
        address |= {"DOCKER_TLS_VERIFY": "1"} if endpoint.tls.verify else {"DOCKER_TLS": "1"}
        address |= {"DOCKER_CERT_PATH": str(folder)} if folder else {}
    return address
