"""Text of agents for a terminal: line breaks and tabs stay, what a terminal would obey goes."""

import unicodedata

_KEPT = frozenset("\n\t")


def plain(text: str) -> str:
    """The text without control and other invisible characters, escape sequences among them."""
    return "".join(character for character in text if character in _KEPT or _is_visible(character))


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Cn"}
