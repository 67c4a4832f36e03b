"""Which disk was full, from what a program said last."""

from dataclasses import replace
from pathlib import Path

import pytest

from berth.planning.plan import Mount, Tmpfs
from berth.sessions.full_disk import full_disk
from tests.sessions.sessions_on_fake import REASON, session_plan
from tests.sessions.test_without_container import host_plan

WORKSPACE = Path("/home/ada/project")


def sentence(said: str) -> str:
    plan = session_plan(WORKSPACE)
    home = Mount("volume", "berth-home-x", "/home/agent", read_only=False, reason=REASON)
    container = replace(plan.container, mounts=(*plan.container.mounts, home), tmpfs=(Tmpfs("/tmp", 2**20),))
    error = full_disk(said, replace(plan, container=container))
    return error.message if error else ""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("cp: error writing '/tmp/x': No space left on device", "The scratch folder /tmp is full"),
        ("Error: ENOSPC: no space left on device, write '/home/agent/.claude/x'", "left in /home/agent"),
        ("sh: 1: cannot create /home/ada/project/a b: No space left on device", "that /home/ada/project is on is full"),
        ("OSError: [Errno 122] Disk quota exceeded: '/var/lib/x'", "the container's own files"),
        ("write error: No space left on device", "for what it writes: the engine's disk is full"),
        ("No space left on device\nand then it said this", "the engine's disk is full"),
        ("there is space left on this device", ""),
        ("", ""),
    ],
)
def test_the_complaint_tells_which_disk_it_was(said: str, expected: str) -> None:
    assert expected in sentence(said)
    assert bool(sentence(said)) == bool(expected)


def test_without_a_container_the_complaint_itself_is_repeated() -> None:
    error = full_disk("tar: /data/x: No space left on device", host_plan(WORKSPACE))
    assert error is not None
    assert "/data/x" in error.message
