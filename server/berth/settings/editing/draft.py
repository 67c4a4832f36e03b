"""A settings file being edited: each change gives a new draft, in which everything else stands as it did."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from berth.settings.editing.layout import indent_at, layout_of, scalar, written
from berth.settings.editing.members import Stretch, replaced, with_member, without_member
from berth.settings.editing.standing import Path, Shape, Standing, settings_object, standings
from berth.settings.editing.tree import Node, read_tree
from berth.settings.jsonc import BadJson, parse_jsonc
from berth.settings.layers import Layer

SETTING_KEYS = 2
"""Keys below ``berth`` that one name of a new setting has: ``berth.docker.profiles``. Below are objects."""

MOST_PARTS = 64
"""The text is read again for each part that goes; people write one, and a repository could write thousands."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A file's text, kept out of ``repr``: settings may hold secrets.

    Every method raises :class:`berth.settings.jsonc.BadJson` where the text cannot be read.
    """

    text: str = field(repr=False)
    shape: Shape

    def standings(self) -> Iterator[Standing]:
        """Every setting in the file."""
        if self.text.strip():
            yield from standings(read_tree(self.text), self.shape)

    def section(self) -> object:
        """The section ``berth`` of the file as one nested object, unread. It may hold secrets."""
        raw: Any = parse_jsonc(self.text)[0] if self.text.strip() else {}
        for key in self.shape.under:
            raw = raw.get(key) if isinstance(raw, dict) else None
        if not isinstance(raw, dict):
            return {}
        ours = {key: value for key, value in raw.items() if key.split(".")[0] == "berth" or not self.shape.prefixed}
        return Layer("workspace", ours).section()

    def put(self, path: Path, value: object) -> "Draft":
        """Sets a setting: where it stands, else in the innermost object of its path, else by a new dotted key.

        Raises:
            BadJson: Something on its path is not an object.
        """
        if not self.text.strip():
            return replace(self, text="{\n}\n").put(path, value)
        standing = [one.member.value for one in self.standings() if one.path == path]
        if standing:
            return self.rewritten((node.start, node.end, self._written(node, value)) for node in standing)
        for depth in reversed(range(len(path))):
            changed = self._put_into(path[:depth], path[depth:], value)
            if changed is not None:
                return changed
        return self._put_new(path, value)

    def drop(self, wanted: Callable[[Standing], bool]) -> "Draft":
        """Takes out every setting that the predicate holds for.

        Raises:
            BadJson: There are more than :data:`MOST_PARTS`.
        """
        draft = self
        while found := [one for one in draft.standings() if wanted(one)]:
            last = found[-1]
            if len(found) > MOST_PARTS:
                line = draft.text.count("\n", 0, last.member.start) + 1
                raise BadJson(f"what is to be taken out stands in more than {MOST_PARTS} parts", line)
            draft = replace(draft, text=without_member(draft.text, last.holder, last.member))
        return draft

    def rewritten(self, stretches: Iterable[Stretch]) -> "Draft":
        """Some stretches of the text written anew."""
        return replace(self, text=replaced(self.text, stretches))

    def slice(self, node: Node) -> str:
        """A value as it is written."""
        return self.text[node.start : node.end]

    def _put_into(self, above: Path, below: Path, value: object) -> "Draft | None":
        """Puts a setting into the last object that stands at a path; None when nothing stands there."""
        found = [one.member.value for one in self.standings() if one.path == above]
        if not found:
            return None
        node = found[-1]
        if node.kind == "object":
            return self._with_member(node, below[0], _nested(below[1:], value))
        if node.token not in ("null", '""'):
            line = self.text.count("\n", 0, node.start) + 1
            raise BadJson(f"{'.'.join(('berth', *above))} is not an object", line)
        return self.rewritten([(node.start, node.end, self._written(node, _nested(below, value)))])

    def _put_new(self, path: Path, value: object) -> "Draft":
        holder = settings_object(read_tree(self.text), self.shape)
        if holder is None or holder.kind != "object":
            raise BadJson("its settings are not an object", 1)
        if not self.shape.prefixed:
            return self._with_member(holder, path[0], _nested(path[1:], value))
        key = ".".join(("berth", *path[:SETTING_KEYS]))
        return self._with_member(holder, key, _nested(path[SETTING_KEYS:], value))

    def _with_member(self, node: Node, key: str, value: object) -> "Draft":
        return replace(self, text=with_member(self.text, node, key=key, value=value))

    def _written(self, node: Node, value: object) -> str:
        return written(value, layout_of(self.text), indent_at(self.text, node.start))


def key_token(keys: Path) -> str:
    """A member's key as it is written."""
    return scalar(".".join(keys))


def _nested(path: Path, value: object) -> object:
    for key in reversed(path):
        value = {key: value}
    return value
