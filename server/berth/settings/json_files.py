"""One settings file, read with the line of every key. Blocking."""

from collections.abc import Mapping
from pathlib import Path

from berth.settings.jsonc import BadJson, KeyPath, parse_jsonc
from berth.settings.observe import Unreadable, read_text
from berth.settings.problems import bad_settings, problem_of_file

MAX_BYTES = 1024 * 1024
"""A larger settings file is refused: the largest found in the wild has some 200 KB."""


def read_json(path: Path, *, mentioning: str = "") -> tuple[object, Mapping[KeyPath, int]] | None:
    """The value and the lines, see :func:`berth.settings.jsonc.parse_jsonc`.

    None where there is no such file, where it is empty, and where the text that it must be ``mentioning`` is nowhere in
    it: such a file is not parsed, so it may be wrong.

    Raises:
        berth.errors.SettingsError: ``bad-settings``: it cannot be read, with ``file:line``.
    """
    try:
        text = read_text(path, MAX_BYTES)
        if text is None or not text.strip() or mentioning not in text:
            return None
        return parse_jsonc(text)
    except Unreadable as error:
        raise bad_settings([problem_of_file(str(path), str(error))]) from error
    except BadJson as error:
        sentence = f"is not JSON with comments: {error}"
        raise bad_settings([problem_of_file(f"{path}:{error.line}", sentence)]) from error
