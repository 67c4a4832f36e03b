"""What a builder is sent: which Dockerfile, under which name, beside which files."""

import io
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from berth.builds.contents import Wish, contents_of
from berth.engine.docker.shipment import NAME, Shipment, shipment_of
from berth.engine.docker.snapshot import Snapshot, Stopped
from berth.errors import ImageError
from berth.planning.image_plan import BuildRecipe


def shipped(folder: Path, files: Mapping[str, str], *, dockerfile: str = "Dockerfile", **more: object) -> Shipment:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    made = BuildRecipe(folder, dockerfile, {}, "tag:1", boundary=folder, **more)  # type: ignore[arg-type] # any field
    return shipment_of(made, "amd64")


def files(pieces: Iterator[bytes]) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(b"".join(pieces))) as tar:
        return {e.name: (tar.extractfile(e) or io.BytesIO()).read() for e in tar.getmembers() if e.isfile()}


def test_a_dockerfile_in_the_context_is_sent_as_it_stands(tmp_path: Path) -> None:
    sent = shipped(tmp_path, {"Dockerfile": "FROM a\nCOPY . /\n", ".dockerignore": "x\n", "one": "1", "x": ""})
    expected = {"Dockerfile": b"FROM a\nCOPY . /\n", ".dockerignore": b"x\n", "one": b"1"}
    assert (sent.dockerfile, sent.apart) == ("Dockerfile", None)
    assert files(sent.classic()) == files(sent.buildkit()) == expected


def test_a_dockerfile_that_nobody_copies_goes_beside_the_files(tmp_path: Path) -> None:
    sent = shipped(tmp_path, {"Dockerfile": "FROM a\nCOPY one /\n", ".dockerignore": "x\n", "one": "1", "two": "2"})
    assert (sent.dockerfile, sent.apart) == (NAME, None)
    assert files(sent.buildkit()) == {NAME: b"FROM a\nCOPY one /\n", "one": b"1"}
    assert files(sent.classic())[".dockerignore"] == f".dockerignore\n{NAME}\n".encode()


@pytest.mark.parametrize("taken", [".", "*", "?oo*"])
def test_a_dockerfile_that_is_ignored_is_kept_out_of_what_is_copied(tmp_path: Path, taken: str) -> None:
    text = f"FROM a\nCOPY {taken} /x/\n"
    sent = shipped(tmp_path, {"Dockerfile": text, ".dockerignore": "Dockerfile\n", "foo1": "1"})
    assert sent.apart == text.encode()
    assert NAME not in files(sent.buildkit())
    assert files(sent.classic())[NAME] == text.encode()


def test_a_dockerignore_that_is_copied_has_one_line_more_for_a_classic_builder_only(tmp_path: Path) -> None:
    sent = shipped(tmp_path, {"Dockerfile": "FROM a\nCOPY . /\n", ".dockerignore": "Dockerfile"})
    assert files(sent.classic())[".dockerignore"] == f"Dockerfile\n{NAME}\n".encode()
    assert files(sent.buildkit())[".dockerignore"] == b"Dockerfile"


def test_a_file_of_the_contexts_own_keeps_its_name(tmp_path: Path) -> None:
    sent = shipped(tmp_path, {"Dockerfile": f"FROM a\nCOPY {NAME} /\n", NAME: "mine"})
    assert sent.dockerfile == f"{NAME}_"
    assert files(sent.buildkit())[NAME] == b"mine"


def test_an_overlay_is_sent_with_its_base_and_its_file_copied_without(tmp_path: Path) -> None:
    sent = shipped(tmp_path, {".berth/Dockerfile": "COPY . /\n"}, dockerfile=".berth/Dockerfile", overlay="b:1")
    assert sent.apart == b"FROM b:1\nCOPY . /\n"
    assert files(sent.buildkit()) == {".berth/Dockerfile": b"COPY . /\n"}


def test_a_classic_builder_is_sent_what_stages_copy_that_the_target_does_not_need(tmp_path: Path) -> None:
    text = "FROM a\nCOPY one /\nFROM a AS two\nCOPY two /\n"
    sent = shipped(tmp_path, {"Dockerfile": text, "one": "1", "two": "2"}, target="two")
    assert "one" not in files(sent.buildkit())
    assert {"one", "two"} <= files(sent.classic()).keys()


def test_other_bytes_than_were_planned_are_not_sent(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM a\n")
    planned = contents_of(Wish(tmp_path, tmp_path, tmp_path / "Dockerfile")).digest
    assert shipped(tmp_path, {}, content=planned).dockerfile == NAME
    with pytest.raises(ImageError) as caught:
        shipped(tmp_path, {"Dockerfile": "FROM b\n"}, content=planned)
    assert caught.value.kind == "context-changed"


def test_a_snapshot_is_the_context_with_its_modes_links_and_times(tmp_path: Path) -> None:
    text = "FROM a\nCOPY . /\n"
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "link").symlink_to("/etc/passwd")
    (tmp_path / "deep" / "run").write_text("x")
    (tmp_path / "deep" / "run").chmod(0o4750)
    (tmp_path / "deep").chmod(0o500)
    sent = shipped(tmp_path, {"Dockerfile": text, ".dockerignore": "Dockerfile\n"})
    snapshot = Snapshot()
    try:
        snapshot.fill(sent.buildkit(), sent.apart or b"")
        run = snapshot.context / "deep" / "run"
        assert (run.read_text(), run.stat().st_mode & 0o7777, run.stat().st_mtime) == ("x", 0o4750, 315_619_200)
        assert (snapshot.context / "deep" / "link").readlink() == Path("/etc/passwd")
        assert (snapshot.context / "deep").stat().st_mode & 0o777 == 0o500
        assert snapshot.dockerfile.read_text() == text
        assert not (snapshot.context / "Dockerfile").exists()
    finally:
        snapshot.remove()
        (tmp_path / "deep").chmod(0o700)
    assert not snapshot.dockerfile.parent.exists()


def test_a_snapshot_that_nobody_wants_any_more_ends() -> None:
    snapshot = Snapshot()
    snapshot.stop()
    with pytest.raises(Stopped):
        snapshot.fill(iter([b"\0" * 1024]), b"")
    snapshot.remove()


def test_a_snapshot_follows_no_link_out_of_itself(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path)
        tar.addfile(link)
        tar.addfile(tarfile.TarInfo("link/file"))
    snapshot = Snapshot()
    try:
        with pytest.raises(OSError, match="leads out"):
            snapshot.fill(iter([archive.getvalue()]), b"")
    finally:
        snapshot.remove()
    assert not list(tmp_path.iterdir())
