"""Checks of this machine, each with what to do when it fails. Used by ``agent.doctor`` and ``berth doctor``."""

import shutil
import sys
from collections.abc import Iterator, Sequence

from anyio import to_thread

from berth import __version__
from berth.engine.base import LABEL, ContainerFacts, Engine
from berth.errors import BerthError
from berth.host.doctor_hosts import check_hosts
from berth.host.litter_images import NAME_LABEL
from berth.host.places import StateFolder, images_folder
from berth.planning.build_recipes import EGRESS_REPOSITORY
from berth.planning.facts import EngineFacts
from berth.planning.labels import EGRESS_LABEL
from berth.planning.spares import is_spare
from berth.protocol.commands import Check, DoctorResult

FREE_BYTES = 5 * 1024**3
"""Less free space than this is told: Berth's own image with one agent is under 1 GB, builds need twice that."""


async def examine(engine: Engine, folder: StateFolder) -> DoctorResult:
    """Runs every check; none stops the others."""
    checks = [
        _berth(),
        *await _engine(engine),
        await to_thread.run_sync(check_hosts),
        await to_thread.run_sync(_state, folder),
        await to_thread.run_sync(_disk, folder),
        *_recipes(),
    ]
    return DoctorResult(ok=all(check.ok for check in checks), checks=tuple(checks))


def _berth() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check(name="berth", ok=True, message=f"Berth {__version__} on Python {version}.")


async def _engine(engine: Engine) -> tuple[Check, ...]:
    """The engine and what of Berth it has. What it is may be known from before; that it answers is seen now."""
    try:
        facts = await engine.about()
        found = await engine.containers({LABEL: "1"})
    except BerthError as error:
        return (Check(name="engine", ok=False, message=error.message, hint=error.hint),)
    return _product(facts), _containers(found), await _way_out(engine)


def _product(facts: EngineFacts) -> Check:
    kind = "rootless" if facts.rootless else "rootful"
    memory = facts.memory / 1024**3
    return Check(
        name="engine",
        ok=True,
        message=f"{facts.product.capitalize()} {facts.version} (API {facts.api}, {kind}, {facts.architecture}), "
        f"{facts.cpus} CPUs, {memory:.1f} GiB of memory.",
    )


def _containers(found: Sequence[ContainerFacts]) -> Check:
    running = sum(1 for container in found if container.status == "running")
    spares = sum(1 for container in found if is_spare(container.name, container.labels))
    waiting = f", {spares} of all waiting for a session" if spares else ""
    return Check(name="containers", ok=True, message=f"{len(found)} containers of Berth, {running} running{waiting}.")


def _state(folder: StateFolder) -> Check:
    probe = folder.root / ".doctor"
    try:
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        hint = "Set BERTH_STATE_DIR to a folder that you may write."
        return Check(name="state", ok=False, message=f"{folder.root} cannot be written: {error.strerror}.", hint=hint)
    return Check(name="state", ok=True, message=f"Journals, transcripts and the log are in {folder.root}.")


def _disk(folder: StateFolder) -> Check:
    free = shutil.disk_usage(folder.root).free
    hint = "" if free >= FREE_BYTES else "Free some space: journals and images need it."
    return Check(name="disk", ok=free >= FREE_BYTES, message=f"{free / 1024**3:.1f} GiB free.", hint=hint)


def _recipes() -> Iterator[Check]:
    for name, folder, what in (("image", "agent", "agents"), ("egress image", "egress", "what stands at the network")):
        found = (images_folder() / folder / "Dockerfile").is_file()
        hint = "" if found else "Reinstall agent-berth."
        is_ = "is there" if found else "is missing"
        yield Check(name=name, ok=found, message=f"The recipe of Berth's own image with {what} {is_}.", hint=hint)


async def _way_out(engine: Engine) -> Check:
    """Proxies that run, and the image that the next start takes; neither need be there before a first start."""
    try:
        proxies = await engine.containers({EGRESS_LABEL: "proxy"})
        images = [tag for image in await engine.images({NAME_LABEL: ""}) for tag in image.tags if _is_egress(tag)]
    except BerthError as error:
        return Check(name="egress", ok=False, message=error.message, hint=error.hint)
    running = sum(1 for proxy in proxies if proxy.status == "running")
    image = "Its image is built" if images else "Its image is built at the first start, in about half a minute"
    return Check(name="egress", ok=True, message=f"{image}; {running} proxies between sessions and the network run.")


def _is_egress(tag: str) -> bool:
    return f"{EGRESS_REPOSITORY}:" in tag
