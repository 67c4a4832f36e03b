"""Reading values whose shape an agent only promised. Nothing here raises."""

import math
from typing import Any

MAX_WHOLE = 2**53 - 1
"""Clients read numbers as JavaScript does: a larger whole number would arrive as another one."""


def text(value: object) -> str:
    """A string, or the empty one."""
    return value if isinstance(value, str) else ""


def record(value: object) -> dict[str, Any]:
    """An object, or the empty one."""
    return value if isinstance(value, dict) else {}


def records(value: object) -> list[dict[str, Any]]:
    """The objects in an array, or none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def whole(value: object) -> int | None:
    """A whole number from 0 on that every client can read, or None."""
    is_whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_WHOLE
    return value if is_whole and isinstance(value, int) else None


def number(value: object) -> float | None:
    """A finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= MAX_WHOLE and math.isfinite(value) else None
