"""Dockerfile and context are found inside the workspace, or not at all."""

from pathlib import Path

import pytest

from berth.builds.place import find_place
from berth.errors import ImageError
from tests.builds.contexts import write


def test_the_ignore_file_beside_the_dockerfile_wins(tmp_path: Path) -> None:
    write(tmp_path, {"d/Dockerfile": "FROM a", ".dockerignore": "a"})
    assert find_place(tmp_path, tmp_path, tmp_path / "d/Dockerfile").ignore.verdict("a", ())[0]
    write(tmp_path, {"d/Dockerfile.dockerignore": "b"})
    place = find_place(tmp_path, tmp_path, tmp_path / "d/Dockerfile")
    assert [place.ignore.verdict(name, ())[0] for name in ("a", "b")] == [False, True]
    assert (place.name, place.dockerfile, place.root) == ("d/Dockerfile", b"FROM a", str(tmp_path.resolve()))


def test_links_inside_the_workspace_are_fine(tmp_path: Path) -> None:
    write(tmp_path, {"real/Dockerfile": "FROM a"})
    (tmp_path / "link").symlink_to("real")
    place = find_place(tmp_path, tmp_path / "link", tmp_path / "link/Dockerfile")
    assert (place.name, place.root) == ("real/Dockerfile", str(tmp_path.resolve() / "real"))


@pytest.mark.parametrize("what", ["Dockerfile", "context", "ignore file", "dots"])
def test_what_leads_out_of_the_workspace_is_refused(tmp_path: Path, what: str) -> None:
    inside = write(tmp_path / "in", {"Dockerfile": "FROM a"})
    outside = write(tmp_path / "out", {"Dockerfile": "FROM b", "ignore": "x"})
    context, dockerfile = inside, inside / "Dockerfile"
    if what == "Dockerfile":
        dockerfile.unlink()
        dockerfile.symlink_to(outside / "Dockerfile")
    elif what == "context":
        (inside / "context").symlink_to(outside)
        context = inside / "context"
    elif what == "ignore file":
        (inside / ".dockerignore").symlink_to(outside / "ignore")
    else:
        context = inside / ".." / "out"
    with pytest.raises(ImageError, match="leads outside of") as caught:
        find_place(inside, context, dockerfile)
    assert caught.value.kind == "bad-dockerfile"


def test_a_dockerfile_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="nothing does not exist or cannot be read") as caught:
        find_place(tmp_path, tmp_path, tmp_path / "nothing")
    assert caught.value.kind == "bad-dockerfile"
