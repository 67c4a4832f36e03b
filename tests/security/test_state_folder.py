"""The state folder is the user's alone, or is not used."""

import os
import stat
from pathlib import Path

import pytest

from berth.errors import BerthError
from berth.host.places import StateFolder


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BERTH_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


def test_a_new_one_is_private(root: Path) -> None:
    folder = StateFolder.of_user()
    assert {stat.S_IMODE(path.stat().st_mode) for path in (root, folder.sessions, folder.trust)} == {0o700}


def test_one_that_others_could_read_is_made_private_and_that_is_logged(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root.mkdir(mode=0o755)
    StateFolder.of_user()
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    assert "could be read by other users" in caplog.text


@pytest.mark.parametrize("mode", [0o770, 0o720, 0o707, 0o777])
@pytest.mark.parametrize("inside", ["", "trust"])
def test_one_that_others_could_write_in_is_refused(root: Path, mode: int, inside: str) -> None:
    StateFolder.of_user()
    (root / inside).chmod(mode)
    with pytest.raises(BerthError) as caught:
        StateFolder.of_user()
    assert (caught.value.kind, "can be written by other users" in caught.value.message) == ("state-unsafe", True)
    (root / inside).chmod(0o700)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_one_of_another_user_is_refused(root: Path) -> None:
    StateFolder.of_user()
    os.chown(root, 12345, 12345)
    with pytest.raises(BerthError) as caught:
        StateFolder.of_user()
    assert (caught.value.kind, "belongs to another user" in caught.value.message) == ("state-unsafe", True)
