"""The workspace folders that are open in the editor."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pygls.uris import to_fs_path


class Folders:
    """Paths of the open folders, in the editor's order, each with the URI that the editor calls it by."""

    def __init__(self) -> None:
        self._uris: dict[Path, str] = {}

    def begin(self, params: Mapping[str, Any]) -> None:
        """Takes the raw ``initialize`` params: ``workspaceFolders``, else ``rootUri``, else ``rootPath``."""
        folders, root_uri, root_path = (params.get(name) for name in ("workspaceFolders", "rootUri", "rootPath"))
        if isinstance(folders, list) and folders:
            self.add(folder["uri"] for folder in folders if isinstance(folder, dict) and "uri" in folder)
        elif isinstance(root_uri, str) and root_uri:
            self.add([root_uri])
        elif isinstance(root_path, str) and root_path:
            self.add([Path(root_path).as_uri()] if Path(root_path).is_absolute() else [])

    def add(self, uris: Iterable[object]) -> None:
        """Folders were opened. What is no file URI is nothing that could be mounted, and is left out."""
        for uri in uris:
            if (path := path_of(uri)) is not None:
                self._uris[path] = str(uri)

    def remove(self, uris: Iterable[object]) -> None:
        """Folders were closed."""
        for uri in uris:
            if (path := path_of(uri)) is not None:
                self._uris.pop(path, None)

    def paths(self) -> tuple[Path, ...]:
        """The open folders."""
        return tuple(self._uris)

    def uri(self, folder: Path) -> str:
        """The URI that the editor calls a folder by."""
        return self._uris.get(folder) or folder.as_uri()

    def holding(self, uri: str) -> Path | None:
        """The innermost open folder with this document in it; the only folder for a document outside; else None."""
        path = path_of(uri)
        around = [folder for folder in self._uris if path is not None and path.is_relative_to(folder)]
        if around:
            return max(around, key=lambda folder: len(folder.parts))
        return next(iter(self._uris)) if len(self._uris) == 1 else None


def path_of(uri: object) -> Path | None:
    """The absolute path that a file URI names, None for anything else."""
    if not isinstance(uri, str) or not uri.lower().startswith("file:"):
        return None
    name = to_fs_path(uri)
    return Path(name) if name and Path(name).is_absolute() and "\0" not in name else None
