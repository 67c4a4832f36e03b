"""Mount points of lives that share a workspace: who ends does not take away what another is about to mount."""

from dataclasses import replace
from pathlib import Path

import pytest

from berth.planning.plan import MountPoint
from berth.sessions.ground import Ground
from berth.sessions.mount_points import MountPoints
from tests.fakes.engine import FakeEngine
from tests.sessions.sessions_on_fake import session_plan

pytestmark = pytest.mark.anyio


async def test_who_ends_leaves_what_another_is_about_to_mount(tmp_path: Path) -> None:
    point = MountPoint(tmp_path / ".berth", "folder")
    plan = replace(session_plan(tmp_path), mount_points=(point,))
    engine, ground = FakeEngine(), Ground()
    first, second = MountPoints(engine, ground), MountPoints(engine, ground)
    await first.make(plan)
    await second.make(plan)
    await first.clear(None)
    assert point.path.is_dir()
    await second.clear(None)
    assert not point.path.exists()


async def test_a_workspace_with_another_path_keeps_nothing(tmp_path: Path) -> None:
    engine, ground = FakeEngine(), Ground()
    ground.enter(tmp_path / "other")
    points = MountPoints(engine, ground)
    point = MountPoint(tmp_path / ".berth", "folder")
    await points.make(replace(session_plan(tmp_path), mount_points=(point,)))
    await points.clear(None)
    assert not point.path.exists()
