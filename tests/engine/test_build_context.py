"""The tar that a build is given."""

import io
import os
import tarfile
from pathlib import Path

import pytest

from berth.engine.docker.build_context import STAMP, write_context
from berth.errors import ImageError
from berth.planning.image_plan import BuildRecipe


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("Dockerfile", "kept.txt", "secret.env", "sub/inner.txt"):
        path = tmp_path / "context" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "context"


def recipe(folder: Path, **extra: Path) -> BuildRecipe:
    files = {name.replace("_", "."): path for name, path in extra.items()}
    return BuildRecipe(folder, "Dockerfile", {}, "tag:1", extra_files=files)


def packed(made: BuildRecipe) -> tuple[bytes, dict[str, tarfile.TarInfo]]:
    target = io.BytesIO()
    write_context(made, target)
    with tarfile.open(fileobj=io.BytesIO(target.getvalue())) as tar:
        return target.getvalue(), {entry.name: entry for entry in tar.getmembers()}


def test_the_context_is_the_folder_without_what_dockerignore_names(folder: Path) -> None:
    (folder / ".dockerignore").write_text("# a comment\n*.env\nsub\n!sub/inner.txt\n")
    _, entries = packed(recipe(folder))
    assert {"Dockerfile", "kept.txt", "sub/inner.txt", ".dockerignore"} <= set(entries)
    assert "secret.env" not in entries


def test_the_same_files_give_the_same_bytes_whenever_they_were_written(folder: Path) -> None:
    first, entries = packed(recipe(folder))
    for path in folder.rglob("*"):
        os.utime(path, (1, 1))
    assert packed(recipe(folder))[0] == first
    assert {entry.mtime for entry in entries.values()} == {STAMP}
    assert {(entry.uid, entry.gname) for entry in entries.values()} == {(0, "")}


def test_extra_files_come_in_under_their_name_and_over_the_folders_own(folder: Path, tmp_path: Path) -> None:
    extra = tmp_path / "bundle"
    extra.write_text("certificates")
    (folder / "ca.crt").write_text("placeholder")
    link = tmp_path / "link"
    link.symlink_to(extra)
    data, entries = packed(recipe(folder, ca_crt=link))
    assert entries["ca.crt"].size == len("certificates")
    assert data.count(b"placeholder") == 0


def test_links_stay_links_and_pipes_stay_out(folder: Path) -> None:
    (folder / "link").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe")
    _, entries = packed(recipe(folder))
    assert entries["link"].issym()
    assert "pipe" not in entries


@pytest.mark.parametrize("absent", ["Dockerfile", "extra"])
def test_what_cannot_be_read_is_named(folder: Path, absent: str, tmp_path: Path) -> None:
    made = recipe(folder, extra=tmp_path / "extra") if absent == "extra" else recipe(folder)
    if absent == "Dockerfile":
        (folder / "Dockerfile").unlink()
    with pytest.raises(ImageError, match=absent) as caught:
        packed(made)
    assert caught.value.kind == "build-failed"
