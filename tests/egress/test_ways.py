"""Ways out whose host ends while they are being opened."""

from pathlib import Path

import anyio
import pytest

from berth.planning.image_plan import ImagePlan
from berth.planning.network_plan import NetworkPlan
from berth.sessions.egress.desk import Desk
from berth.sessions.egress.proxy import ANSWER_SECONDS
from berth.sessions.egress.ways import Ways
from tests.egress.field import REASON
from tests.fakes.engine import FakeEngine, FakeProcess

IMAGE = "berth/egress:test"


@pytest.mark.anyio
async def test_a_host_that_ends_while_a_holder_does_not_come_waits_for_no_answer(tmp_path: Path) -> None:
    network = NetworkPlan("allowlist", REASON, image=ImagePlan(IMAGE, None, "never", REASON))
    async with FakeEngine(images=[IMAGE]) as engine:
        proxy = engine.egress.programs["python3"]

        async def absent(process: FakeProcess) -> int:
            if "hold" in process.argv:
                await anyio.sleep_forever()
            return await proxy(process)

        engine.egress.programs["python3"] = absent
        with anyio.fail_after(ANSWER_SECONDS / 2):
            async with anyio.create_task_group() as tasks:
                ways = Ways(engine, Desk(tmp_path / "desk", tasks), host="test", tasks=tasks)
                tasks.start_soon(ways.open, network, lambda _: None)
                while not any(
                    container.status == "running"
                    for container in await engine.containers({"dev.berth.egress": "holder"})
                ):
                    await anyio.wait_all_tasks_blocked()
                await anyio.wait_all_tasks_blocked()
                tasks.cancel_scope.cancel()
        assert await engine.containers({"dev.berth.egress": "holder"}) == ()
