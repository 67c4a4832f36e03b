"""Features of a ``devcontainer.json``, laid over an image by the ``devcontainer`` CLI as a plain process."""

import json
import shutil
import signal
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE

import anyio
from anyio import to_thread
from anyio.abc import ByteReceiveStream, Process

from berth.builds.features import content_digest, feature_files
from berth.engine.base import BuildStep
from berth.errors import ImageError
from berth.planning.image_plan import FeatureLayer
from berth.system.processes import KILL, signal_group

STEP = "devcontainer features"
LAST_LINES = 20
GRACE_SECONDS = 5.0
"""How long the CLI, and the Docker CLI that it has started, may take to end when the build is cancelled."""


@dataclass(frozen=True, slots=True)
class FeatureBuild:
    """What to lay, on which image, and what it is called then."""

    layer: FeatureLayer
    base: str
    tag: str


@asynccontextmanager
async def lay_features(build: FeatureBuild) -> AsyncIterator[AsyncIterator[BuildStep]]:
    """Runs the CLI; leaving the block early ends it, and all that it has started.

    Raises:
        ImageError: ``build-failed`` with its last lines; ``context-changed``: a feature's files are not those that were
            planned; ``bad-context``.
    """
    scratch = Path(await to_thread.run_sync(tempfile.mkdtemp, "", "berth-features-"))
    try:
        await to_thread.run_sync(_stage, build, scratch)
        async with _running(build, scratch) as process:
            yield _steps(process)
    finally:
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(lambda: shutil.rmtree(scratch, ignore_errors=True))


def _stage(build: FeatureBuild, scratch: Path) -> None:
    """A project of our own: the image, the features, and nothing else of what the repository says."""
    layer = build.layer
    folder = scratch / ".devcontainer"
    folder.mkdir()
    files = feature_files(layer.folder, layer.names, layer.boundary)
    if content_digest(files) != layer.content:
        raise ImageError("context-changed", "The features' files changed after the plan was made.", "Start again.")
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        path.chmod(0o755 if file.executable else 0o644)
    (folder / "devcontainer.json").write_text(json.dumps({"image": build.base, **layer.configuration}))


@asynccontextmanager
async def _running(build: FeatureBuild, scratch: Path) -> AsyncIterator[Process]:
    layer = build.layer
    flags = ["--no-cache"] if layer.no_cache else []
    flags += [word for name, value in layer.labels.items() for word in ("--label", f"{name}={value}")]
    command = [str(layer.program), "build", "--workspace-folder", str(scratch), "--image-name", build.tag]
    environment = _environment(layer.environment)
    process = await anyio.open_process(
        [*command, "--log-format", "json", *flags],
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        env=environment,
        cwd=scratch,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with anyio.CancelScope(shield=True):
            await _end(process)


def _environment(editors: Mapping[str, str]) -> dict[str, str]:
    """The editor's. It holds nothing of the repository's."""
    return {name: value for name, value in editors.items() if "\0" not in value}


async def _end(process: Process) -> None:
    for number in (signal.SIGTERM, KILL):
        with suppress(ProcessLookupError):
            signal_group(process.pid, number)
        with anyio.move_on_after(GRACE_SECONDS):
            await process.wait()
            break
    await process.aclose()


async def _steps(process: Process) -> AsyncIterator[BuildStep]:
    """Its log, line by line; the failure at the end."""
    last: deque[str] = deque(maxlen=LAST_LINES)
    yield BuildStep(STEP)
    assert process.stderr is not None  # noqa: S101 - it was asked for
    async for line in _lines(process.stderr):
        for text in _texts(line):
            last.append(text)
            yield BuildStep(STEP, log=text)
    if await process.wait() != 0:
        message = "The devcontainer CLI could not install the features: " + (" / ".join(list(last)[-3:])[:600])
        raise ImageError("build-failed", message, "The lines above say which one, and why.")


async def _lines(stream: ByteReceiveStream) -> AsyncIterator[bytes]:
    rest = b""
    async for chunk in stream:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line
    if rest:
        yield rest


def _texts(line: bytes) -> list[str]:
    """What a line of the CLI's log says; it is an object with a ``text``, which may have lines of its own."""
    text = line.decode(errors="replace")
    with suppress(ValueError):
        entry = json.loads(text)
        text = str(entry.get("text", "")) if isinstance(entry, dict) else text
    return [part for part in text.replace("\r", "\n").split("\n") if part.strip()]
