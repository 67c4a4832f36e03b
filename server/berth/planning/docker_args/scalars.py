"""Single values as the Docker CLI reads them. Each function raises ValueError with the rest of a sentence."""

import ipaddress
import re
from collections.abc import Callable
from fractions import Fraction

NANO = 1_000_000_000
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+) ?(?:([kmgtp])i?b?|b)?", re.IGNORECASE)
_DURATION = re.compile(r"([+-]?)((?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)")
_PART = re.compile(r"([0-9.]+)(ns|us|µs|μs|ms|s|m|h)")
_NANOSECONDS = {
    "ns": 1,
    "us": 1000,
    "µs": 1000,
    "μs": 1000,
    "ms": 1_000_000,
    "s": NANO,
    "m": 60 * NANO,
    "h": 3600 * NANO,
}
_MAX = 2**63 - 1
_CPUSET = re.compile(r"[0-9]+(?:-[0-9]+)?(?:,[0-9]+(?:-[0-9]+)?)*")


def boolean(text: str) -> bool:
    """Go's ``strconv.ParseBool``."""
    if text in ("1", "t", "T", "true", "TRUE", "True"):
        return True
    if text in ("0", "f", "F", "false", "FALSE", "False"):
        return False
    raise ValueError("is neither true nor false")


def size(text: str) -> int:
    """Bytes, with the units of ``go-units``: powers of 1024, ``b k m g t p``, ``kb`` and ``kib``."""
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError("is not a size such as 512m or 2g")
    power = "kmgtp".index(match[2].lower()) + 1 if match[2] else 0
    found = int(Fraction(match[1]) * 1024**power)
    if found > _MAX:
        raise ValueError("is too large")
    return found


def swap(text: str) -> int:
    """Bytes, or -1 for no limit."""
    return -1 if text == "-1" else size(text)


def duration(text: str) -> int:
    """Nanoseconds, from Go's notation: ``1h2m3.5s``.  Not negative."""
    match = _DURATION.fullmatch(text)
    if match is None:
        if text in ("0", "+0", "-0"):
            return 0
        raise ValueError("is not a duration such as 30s or 1m30s")
    found = int(sum(Fraction(number) * _NANOSECONDS[unit] for number, unit in _PART.findall(match[2])))
    if found and match[1] == "-":
        raise ValueError("is negative")
    if found > _MAX:
        raise ValueError("is too long")
    return found


def nano_cpus(text: str) -> int:
    """Cores in billionths, from a decimal or a fraction."""
    try:
        found = Fraction(text) * NANO
    except (ValueError, ZeroDivisionError):
        raise ValueError("is not a number of CPUs such as 1.5") from None
    if found.denominator != 1:
        raise ValueError("is more precise than a billionth of a CPU")
    if found <= 0:
        raise ValueError("is not more than 0")
    return int(found)


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number within bounds, both inclusive; decimal, or with Go's prefixes ``0x``, ``0o`` and ``0b``."""

    def read(text: str) -> int:
        try:
            # Go takes a leading 0 for octal as well; Python refuses it, and nobody means it.
            found = int(text, 0)
        except ValueError:
            raise ValueError("is not a whole number") from None
        if not low <= found <= high:
            raise ValueError(f"is not between {low} and {high}")
        return found

    return read


def number(text: str) -> int:
    """A whole number, not negative."""
    try:
        return whole(0, _MAX)(text)
    except ValueError as error:
        raise ValueError("is negative or too large" if "between" in str(error) else str(error)) from None


def address(text: str) -> str:
    """An IP address, in the form that Go prints."""
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        raise ValueError("is not an IP address") from None


def ipv4(text: str) -> str:
    """An IPv4 address."""
    try:
        return str(ipaddress.IPv4Address(text.strip()))
    except ValueError:
        raise ValueError("is not an IPv4 address") from None


def ipv6(text: str) -> str:
    """An IPv6 address."""
    try:
        return str(ipaddress.IPv6Address(text.strip()))
    except ValueError:
        raise ValueError("is not an IPv6 address") from None


def cpu_set(text: str) -> str:
    """CPUs or memory nodes: ``0-3``, ``0,1``. The engine checks that they exist."""
    if text and not _CPUSET.fullmatch(text):
        raise ValueError("is not a list such as 0-3 or 0,1")
    return text


def text_value(text: str) -> str:
    """Any text on one line."""
    if not text.isprintable():
        raise ValueError("has a character that cannot be printed")
    return text


def one_of(*words: str) -> Callable[[str], str]:
    """One of some words."""

    def read(text: str) -> str:
        if text not in words:
            listed = ", ".join(word or "nothing" for word in words)
            raise ValueError(f"is not one of {listed}")
        return text

    return read
