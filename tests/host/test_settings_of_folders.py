"""What the editor's settings for several folders come to, and settings that cannot be used."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from berth.errors import BerthError
from berth.protocol.plans import PlanArguments
from berth.settings.scopes import ScopedSection
from tests.host.test_host import SETTINGS, House, house_in

pytestmark = pytest.mark.anyio


def profiles(**named: object) -> dict[str, Any]:
    """Settings with these profiles."""
    return {**SETTINGS, "docker": {"defaultImage": "berth-test", "profiles": named}}


def docker(**settings: object) -> dict[str, Any]:
    """Settings with these under ``docker``."""
    return {**SETTINGS, "docker": {"defaultImage": "berth-test", **settings}}


async def planned_image(house: House, folder: Path) -> str | None:
    arguments = PlanArguments(workspace_folder=str(folder))
    return (await house.commands.plan(house.editor, arguments)).image


async def test_each_folder_of_several_is_planned_with_its_own_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house_in(tmp_path) as house:
        by_folder: Mapping[Path, object] = {
            tmp_path / name: docker(defaultImage=f"image-of-{name}") for name in ("api", "web")
        }
        for folder in by_folder:
            folder.mkdir()

        async def configuration(folder: Path) -> object:
            return by_folder[folder]

        monkeypatch.setattr(house.editor, "configuration", configuration)
        images = [await planned_image(house, folder) for folder in by_folder]
        assert images == ["image-of-api", "image-of-web"]


@pytest.mark.parametrize(
    ("settings", "fields", "kind"),
    [
        (profiles(web={"extends": "web"}), {"profile": "web"}, "bad-settings"),
        (profiles(web={"extends": "gone"}), {"profile": "web"}, "bad-settings"),
        (docker(resources={"memory": "2gb?"}), {}, "bad-settings"),
        (docker(resources={"timeLimit": "soon"}), {}, "bad-settings"),
        (docker(resources={"gpus": "all"}), {}, "policy-breach"),
        (docker(share=["gitconfig"]), {}, "bad-mount"),
        (docker(allowedImages=["node"]), {}, "image-not-allowed"),
        (docker(allowCustomImages=False), {"image": "node"}, "image-not-allowed"),
        (profiles(web={"volumes": ["nmp"]}), {"profile": "web"}, "bad-mount"),
        (docker(), {"mounts": ["./missing:/data"]}, "bad-mount"),
        (docker(), {"mounts": ["aa:/x", "bb:/x"]}, "bad-mount"),
        (docker(), {"resources": {"cpus": "many"}}, "invalid-arguments"),
    ],
)
async def test_what_cannot_be_used_starts_nothing(
    tmp_path: Path, settings: object, fields: dict[str, object], kind: str
) -> None:
    async with house_in(tmp_path) as house:
        house.editor.settings = settings
        with pytest.raises(BerthError) as caught:
            await house.start(**fields)
        assert caught.value.kind == kind
        assert list(house.host.sessions()) == []


async def test_each_folder_of_several_has_scopes_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with house_in(tmp_path) as house:
        shared = {"docker.defaultImage": "image-of-all", "agent": "scripted"}
        by_folder = {
            tmp_path / "api": ScopedSection(user=SETTINGS, workspace=shared, trusted=True),
            tmp_path / "web": ScopedSection(
                user=SETTINGS, workspace=shared, folder={"docker": {"defaultImage": "image-of-web"}}, trusted=True
            ),
            tmp_path / "strange": ScopedSection(user=SETTINGS, workspace=shared, folder=shared, trusted=False),
        }
        for folder in by_folder:
            folder.mkdir()

        async def configuration(folder: Path) -> object:
            return by_folder[folder]

        monkeypatch.setattr(house.editor, "configuration", configuration)
        images = [await planned_image(house, folder) for folder in by_folder]
        assert images == ["image-of-all", "image-of-web", "berth-test"]
