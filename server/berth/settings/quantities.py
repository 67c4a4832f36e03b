"""Sizes, durations, CPU and GPU counts as people write them; and written again for people."""

import math
import re
from dataclasses import dataclass

_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)\s*([kmgt]?)(?:i?b)?", re.IGNORECASE | re.ASCII)
"""As Docker reads sizes: units are powers of 1,024, with or without ``i`` and ``b``."""
_SIZE_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}

_DURATION = re.compile(r"(?:\d{1,9}(?:\.\d{1,3})?[dhms])+", re.ASCII)
_DURATION_PART = re.compile(r"([\d.]+)([dhms])", re.ASCII)
_DURATION_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}

_DEVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._/=-]{0,127}")


@dataclass(frozen=True, slots=True)
class Gpus:
    """Graphics cards: how many (-1: all of them), or which ones by index or UUID."""

    count: int = 0
    devices: tuple[str, ...] = ()

    def __str__(self) -> str:
        """For people."""
        return ", ".join(self.devices) or ("all" if self.count < 0 else str(self.count))


def parse_size(written: object) -> int:
    """Bytes from ``512m``, ``4g``, ``1.5GiB`` or a number of bytes.

    Raises:
        ValueError: It is none; the message is the rest of a sentence.
    """
    text = str(written) if isinstance(written, int) and not isinstance(written, bool) else written
    match = _SIZE.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ValueError("must be a size such as 512m, 4g or 1.5GiB")
    return int(float(match[1]) * _SIZE_UNITS[match[2].lower()])


def parse_duration(written: object) -> float:
    """Seconds from ``90m``, ``2h``, ``1h30m``, ``45s`` or ``1d``. A bare number could mean anything and is refused.

    Raises:
        ValueError: It is none; the message is the rest of a sentence.
    """
    text = written.strip().lower() if isinstance(written, str) else ""
    units = [unit for _, unit in _DURATION_PART.findall(text)]
    falling = sorted(set(units), key="dhms".index)
    if not _DURATION.fullmatch(text) or units != falling:
        raise ValueError("must be a duration with units such as 90m, 2h or 1h30m")
    return sum(float(number) * _DURATION_UNITS[unit] for number, unit in _DURATION_PART.findall(text))


def parse_cpus(written: object) -> float:
    """Cores from a number, or a string that holds one.

    Raises:
        ValueError: It is none; the message is the rest of a sentence.
    """
    try:
        number = (
            float(written) if isinstance(written, (int, float, str)) and not isinstance(written, bool) else math.nan
        )
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError("must be a number of CPUs such as 2 or 1.5")
    return number


def parse_gpus(written: object) -> Gpus:
    """Cards from ``all``, a count, or a list of indexes and UUIDs.

    Raises:
        ValueError: It is none; the message is the rest of a sentence.
    """
    match written:
        case "all":
            return Gpus(-1)
        case bool():
            pass
        case int() if 0 < written <= 64:
            return Gpus(written)
        case str() if written.isdecimal() and 0 < int(written[:4]) <= 64:
            return Gpus(int(written[:4]))
        case [*items] if items and len(items) <= 64 and all(_is_device(item) for item in items):
            return Gpus(devices=tuple(str(item) for item in items))
    raise ValueError("must be “all”, a number of cards, or a list of their indexes or UUIDs")


def shown_size(size: int) -> str:
    """``1.5 GiB``."""
    for unit, name in ((1024**3, "GiB"), (1024**2, "MiB")):
        if size >= unit:
            return f"{size / unit:.4g} {name}"
    return f"{size} bytes"


def shown_duration(seconds: float) -> str:
    """``1h30m``."""
    rest, shown = round(seconds), ""
    for unit, length in _DURATION_UNITS.items():
        number, rest = divmod(rest, length)
        shown += f"{number}{unit}" if number else ""
    return shown or "0s"


def _is_device(item: object) -> bool:
    return isinstance(item, str) and _DEVICE.fullmatch(item) is not None
