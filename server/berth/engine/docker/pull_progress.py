"""What a registry's pull reports as steps. No I/O."""

from dataclasses import dataclass
from typing import Any

from berth.engine.base import BuildStep
from berth.engine.docker.errors import Subject, from_message

_DONE = ("Pull complete", "Already exists", "Download complete")
_THERE = ("Pull complete", "Already exists")


@dataclass(slots=True)
class Layer:
    """One layer. ``total`` is 0 until the engine says how large it is, and for one that is there already."""

    status: str = ""
    done: int = 0
    total: int = 0


class PullProgress:
    """A pull's report as steps: for each word about a layer, and for each further hundredth of the whole."""

    def __init__(self, reference: str) -> None:
        self._reference = reference
        self._layers: dict[str, Layer] = {}
        self._percent = -1

    def receive(self, report: dict[str, Any]) -> list[BuildStep]:
        """Takes one object of the stream.

        Raises:
            BerthError: ``image-not-found``, ``registry-unreachable``, ``disk-full``.
        """
        if report.get("error"):
            raise from_message(0, str(report["error"]), subject=Subject(image=self._reference))
        words = " ".join(str(report[key]) for key in ("id", "status", "stream") if report.get(key)).strip()
        if not words:
            return []
        return self._step(words) if self._is_news(report) else []

    def _is_news(self, report: dict[str, Any]) -> bool:
        """Takes account of a layer. False where only a few more bytes of it have come."""
        status, detail = str(report.get("status", "")), report.get("progressDetail") or {}
        if "progressDetail" not in report or not report.get("id"):
            return True
        layer = self._layers.setdefault(str(report["id"]), Layer())
        is_other = layer.status != status
        layer.status = status
        if status == "Downloading":
            layer.done, layer.total = _number(detail, "current"), _number(detail, "total") or layer.total
        elif status in _DONE:
            layer.done = layer.total
        done, total = self._bytes()
        percent = done * 100 // total if total else -1
        is_further, self._percent = percent > self._percent, max(percent, self._percent)
        return is_other or is_further

    def _step(self, words: str) -> list[BuildStep]:
        if not self._layers:
            return [BuildStep(words)]
        there = sum(layer.status in _THERE for layer in self._layers.values())
        done, total = self._bytes()
        known = (done, total) if total else (None, None)
        return [BuildStep(words, there, len(self._layers), bytes_done=known[0], bytes_total=known[1])]

    def _bytes(self) -> tuple[int, int]:
        layers = self._layers.values()
        return sum(layer.done for layer in layers), sum(layer.total for layer in layers)


def _number(detail: object, name: str) -> int:
    value = detail.get(name) if isinstance(detail, dict) else None
    return value if isinstance(value, int) else 0
