"""The image ``berth/egress`` on the FakeEngine: the real judging code, with holders that meet their proxy in memory."""

import json

import anyio

from berth.planning.labels import LANE_LABEL
from berth.planning.plan import ContainerPlan
from berth_egress.lanes import Lanes
from tests.egress.conversation import asked
from tests.fakes.process import FakeProcess


class FakeEgress:
    """Proxies and holders of one engine. They meet in a volume, as the real ones do."""

    def __init__(self) -> None:
        self.programs = {"python3": self._run}
        self._serving: dict[str, Lanes] = {}
        self._changed = anyio.Event()

    async def ask(self, plan: ContainerPlan, target: str) -> int:
        """The status that a session's container gets for ``CONNECT target`` at its door.

        Raises:
            ConnectionRefusedError: It has none.
        """
        network = plan.options.network.network
        lane = plan.labels.get(LANE_LABEL, "")
        for lanes in self._serving.values():
            if network and network.target.startswith("container:") and lanes.lane(lane).door:
                answer = await asked(lanes.lane(lane), f"CONNECT {target} HTTP/1.1\r\n\r\n".encode())
                return int(answer.split()[1])
        raise ConnectionRefusedError

    async def _run(self, process: FakeProcess) -> int:
        volume = next(mount.source for mount in process.plan.mounts)
        if "hold" in process.argv:
            return await self._hold(volume, process.argv[-1])
        return await self._serve(volume, process)

    async def _serve(self, volume: str, process: FakeProcess) -> int:
        def tell(event: dict[str, object]) -> None:
            process.print(json.dumps(event) + "\n")

        lanes = self._serving[volume] = Lanes(tell)
        tell({"event": "up"})
        self._announce()
        try:
            while True:
                line = await process.stdin.read_line()
                if line.strip():
                    lanes.obey(line)
        finally:
            del self._serving[volume]
            self._announce()

    async def _hold(self, volume: str, name: str) -> int:
        while True:
            lanes, changed = self._serving.get(volume), self._changed
            if lanes is None:
                await changed.wait()
                continue
            lane = lanes.open(name, "-")
            try:
                while self._serving.get(volume) is lanes:
                    await self._changed.wait()
            finally:
                lane.door = ""

    def _announce(self) -> None:
        changed, self._changed = self._changed, anyio.Event()
        changed.set()
