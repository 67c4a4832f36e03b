"""Whether a value of a create request has the shape that its key asks for. Each takes anything. Pure."""

import re
from typing import Any, TypeGuard

_NUMBER_LIST = re.compile(r"[0-9]+(?:-[0-9]+)?(?:,[0-9]+(?:-[0-9]+)?)*")
_PORT = re.compile(r"[0-9]{1,5}(?:-[0-9]{1,5})?/(?:tcp|udp|sctp)")
_SIZE = re.compile(r"[0-9]+(?:\.[0-9]*)? ?(?:[kmgtp]?i?b?)", re.IGNORECASE)
_HEALTH_TIMES = frozenset({"Interval", "Timeout", "StartPeriod", "StartInterval", "Retries"})


def is_text(value: object) -> TypeGuard[str]:
    """Text without a NUL character."""
    return isinstance(value, str) and "\0" not in value


def is_words(value: object) -> TypeGuard[list[str]]:
    """A list of texts."""
    return isinstance(value, list) and all(map(is_text, value))


def is_texts(value: object) -> TypeGuard[dict[str, str]]:
    """Texts by name."""
    return isinstance(value, dict) and all(is_text(name) and bool(name) and is_text(one) for name, one in value.items())


def is_count(value: object) -> TypeGuard[int]:
    """A whole number of at least 0; true and false are none."""
    return type(value) is int and 0 <= value < 2**63


def is_path(value: object) -> TypeGuard[str]:
    """An absolute path without ``.``, ``..``, doubled slashes and characters that cannot be seen."""
    if not isinstance(value, str) or not value.startswith("/") or not value.isprintable():
        return False
    return value == "/" or all(part not in ("", ".", "..") for part in value[1:].split("/"))


def is_number_list(value: object) -> bool:
    """``0-3,5``."""
    return isinstance(value, str) and bool(_NUMBER_LIST.fullmatch(value))


def is_exposed(value: object) -> bool:
    """Ports that say something and open nothing."""
    return isinstance(value, dict) and all(_PORT.fullmatch(str(port)) and one == {} for port, one in value.items())


def is_health_check(value: object) -> bool:
    """A command for a shell, or times for the image's own."""
    if not isinstance(value, dict) or not value.keys() <= {"Test", *_HEALTH_TIMES}:
        return False
    test = value.get("Test", ["CMD-SHELL", ""])
    times = all(is_count(value[name]) for name in _HEALTH_TIMES & value.keys())
    return times and is_words(test) and len(test) == 2 and test[0] == "CMD-SHELL"


def ulimits(value: object) -> dict[str, int] | None:
    """The hard limits by name; None where it is no such list."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return None
    if any(one.keys() != {"Name", "Soft", "Hard"} or not is_text(one["Name"]) for one in value):
        return None
    numbers = [number for one in value for number in (one["Soft"], one["Hard"])]
    return {one["Name"]: one["Hard"] for one in value} if all(type(each) is int for each in numbers) else None


def are_device_rates(value: object) -> bool:
    """Weights or rates of block devices."""
    return _are_records(value, {"Path", "Rate"}, {"Path", "Weight"}) and all(_is_device(one["Path"]) for one in value)


def are_devices(value: object) -> bool:
    """Devices of the host by their paths below ``/dev``."""
    if not _are_records(value, {"PathOnHost", "PathInContainer", "CgroupPermissions"}):
        return False
    return all(_is_device(one["PathOnHost"]) and is_path(one["PathInContainer"]) for one in value)


def are_graphics(value: object) -> bool:
    """Requests for graphics cards, and for no other device."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return False
    known = {"Driver", "Count", "DeviceIDs", "Capabilities", "Options"}
    return all(one.keys() <= known and _names_graphics(one.get("Capabilities")) for one in value)


def is_bounded_log(value: object) -> TypeGuard[dict[str, Any]]:
    """The engine's own file log with a bound: no other driver can send lines away."""
    if not isinstance(value, dict) or value.keys() != {"Type", "Config"} or value["Type"] != "json-file":
        return False
    config = value["Config"]
    if not is_texts(config) or config.keys() != {"max-size", "max-file"}:
        return False
    return bool(_SIZE.fullmatch(config["max-size"])) and config["max-file"].isascii() and config["max-file"].isdigit()


def _names_graphics(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(is_words(names) and "gpu" in names for names in value)


def _is_device(path: object) -> bool:
    return is_path(path) and path.startswith("/dev/")


def _are_records(value: object, *keys: set[str]) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and all(isinstance(one, dict) and set(one) in keys for one in value)
