"""Images from a workspace's Dockerfile: made when they are not there or not current, and else left alone."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from berth.engine.launcher import launch_command
from berth.errors import ImageError
from berth.planning.image_plan import BUILD_LABEL, BuildRecipe, ImagePlan
from berth.planning.reason import Reason
from berth.protocol.container_events import ImageProgress
from berth.protocol.events import StateChanged
from berth.protocol.session import State
from berth.sessions.images import Images, forced
from berth.sessions.record import Record
from tests.fakes.engine import FakeEngine
from tests.sessions.audience import RememberingAudience, record_in
from tests.sessions.sessions_on_fake import session_plan

pytestmark = pytest.mark.anyio

REASON = Reason("test")


class Shop:
    """An engine, its images, and one session that wants some."""

    def __init__(self, engine: FakeEngine, folder: Path) -> None:
        self.engine = engine
        self.images = Images(engine)
        self.folder = folder
        self.audience = RememberingAudience()
        self.record: Record = record_in(folder, self.audience)

    def plan(self, tag: str = "one", *, bases: tuple[str, ...] = ("base",), keep: int = 2) -> ImagePlan:
        recipe = BuildRecipe(
            context=self.folder,
            dockerfile="Dockerfile",
            arguments={},
            tag=f"berth/build:{tag}",
            boundary=self.folder,
            bases=bases,
            labels={BUILD_LABEL: "this Dockerfile"},
            keep=keep,
        )
        return ImagePlan(recipe.tag, recipe, "auto", REASON)

    async def renew(self, reference: str) -> None:
        """The name means another image from now on."""
        known = await self.engine.image(reference)
        assert known is not None
        self.engine.described[reference] = replace(known, digest=f"sha256:{secrets.token_hex(32)}")

    async def prepare(self, plan: ImagePlan) -> list[str]:
        """Prepares it, and answers what was built and pulled for it."""
        before = len(self.engine.calls)
        self.record = record_in(self.folder, self.audience)
        await self.images.prepare(plan, self.record)
        return [f"{call} {what}" for call, what in self.engine.calls[before:] if call in ("build", "pull")]


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with FakeEngine(images=("base",)) as engine:
        yield Shop(engine, tmp_path)


async def test_what_is_there_and_current_is_not_built(shop: Shop) -> None:
    assert await shop.prepare(shop.plan()) == ["build berth/build:one"]
    assert await shop.prepare(shop.plan()) == []
    assert await shop.prepare(shop.plan("two")) == ["build berth/build:two"]


async def test_another_image_below_is_another_build(shop: Shop) -> None:
    await shop.prepare(shop.plan())
    await shop.renew("base")
    assert await shop.prepare(shop.plan()) == ["build berth/build:one"]
    assert await shop.prepare(shop.plan()) == []


async def test_an_image_below_that_is_missing_is_pulled_first(shop: Shop) -> None:
    shop.engine.present.discard("base")
    assert await shop.prepare(shop.plan()) == ["pull base", "build berth/build:one"]


async def test_an_overlay_has_what_it_lies_on_built_first(shop: Shop) -> None:
    below = shop.plan("below")
    above = replace(shop.plan("above", bases=()), base=below)
    assert await shop.prepare(above) == ["build berth/build:below", "build berth/build:above"]
    assert await shop.prepare(above) == []
    await shop.renew("berth/build:below")
    assert await shop.prepare(above) == ["build berth/build:above"]


async def test_two_sessions_that_want_the_same_share_one_build(shop: Shop, tmp_path: Path) -> None:
    shop.engine.gates["build"] = anyio.Event()
    other = record_in(tmp_path / "other", shop.audience)
    async with anyio.create_task_group() as tasks:
        for record in (shop.record, other):
            tasks.start_soon(shop.images.prepare, shop.plan(), record)
        await shop.audience.until(lambda: shop.audience.bodies(ImageProgress))
        shop.engine.gates.pop("build").set()
    assert [call for call, _ in shop.engine.calls].count("build") == 1


async def test_with_never_nothing_is_made(shop: Shop) -> None:
    with pytest.raises(ImageError) as caught:
        await shop.prepare(replace(shop.plan(), policy="never"))
    assert caught.value.kind == "image-not-found"
    await shop.prepare(shop.plan())
    await shop.renew("base")
    assert await shop.prepare(replace(shop.plan(), policy="never")) == []


async def test_a_pull_policy_is_obeyed(shop: Shop) -> None:
    named = ImagePlan("base", None, "auto", REASON)
    assert await shop.prepare(named) == []
    assert await shop.prepare(replace(named, pull="always")) == ["pull base"]
    shop.engine.present.discard("base")
    with pytest.raises(ImageError) as caught:
        await shop.prepare(replace(named, pull="never"))
    assert "berth.docker.pull is set to never" in caught.value.message


async def test_a_rebuild_builds_anyway_and_pulls_what_it_lies_on_when_asked(shop: Shop) -> None:
    await shop.prepare(shop.plan())
    assert await shop.prepare(forced(shop.plan(), no_cache=True, pull=False)) == ["build berth/build:one"]
    assert await shop.prepare(forced(shop.plan(), no_cache=False, pull=True)) == ["pull base", "build berth/build:one"]


async def test_older_images_of_the_same_dockerfile_go_but_for_a_few(shop: Shop) -> None:
    for tag in ("one", "two", "three"):
        await shop.prepare(shop.plan(tag))
    assert sorted(shop.engine.present) == ["base", "berth/build:three", "berth/build:two"]
    whys = [body.why for body in shop.audience.bodies(StateChanged) if body.to is State.BUILDING]
    assert [("has changed" in why) for why in whys] == [False, True, True]


async def test_an_image_that_is_in_use_stays(shop: Shop) -> None:
    await shop.prepare(shop.plan("one", keep=1))
    plan = session_plan(shop.folder, image="berth/build:one").container
    await shop.engine.create(plan, name="in-use", command=launch_command())
    for tag in ("two", "three"):
        await shop.prepare(shop.plan(tag, keep=1))
    assert sorted(shop.engine.present) == ["base", "berth/build:one", "berth/build:three"]
