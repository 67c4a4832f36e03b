"""What fails only for a moment is tried again, and only that."""

import pytest

from berth.engine.docker import control
from berth.engine.docker.control import patiently
from berth.errors import EngineError

pytestmark = pytest.mark.anyio


def failing(times: int, words: str) -> tuple[list[int], object]:
    tries: list[int] = []

    async def work() -> str:
        tries.append(1)
        if len(tries) <= times:
            raise EngineError("engine-failed", f"The engine refused: {words}")
        return "done"

    return tries, work


@pytest.mark.parametrize("words", ["read /proc/1/cgroup: no such process", "unlinkat shm: device or resource busy"])
async def test_a_passing_failure_is_tried_again(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "PASSING_SECONDS", 0.5)
    tries, work = failing(2, words)
    assert callable(work)
    assert await patiently(work) == "done"
    assert len(tries) == 3


async def test_another_failure_is_told_at_once() -> None:
    tries, work = failing(9, "no space left on device")
    assert callable(work)
    with pytest.raises(EngineError):
        await patiently(work)
    assert len(tries) == 1


async def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "PASSING_SECONDS", 0.05)
    _, work = failing(10_000, "device or resource busy")
    assert callable(work)
    with pytest.raises(EngineError):
        await patiently(work)
