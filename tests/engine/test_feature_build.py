"""Features are laid by the devcontainer CLI; here a program of the tests' own stands in for it."""

import json
import os
from pathlib import Path

import anyio
import pytest

from berth.builds.features import content_digest, feature_files
from berth.engine.base import BuildStep
from berth.engine.process.feature_build import FeatureBuild, lay_features
from berth.errors import BerthError, ImageError
from berth.planning.image_plan import FeatureLayer

pytestmark = pytest.mark.anyio

GOOD = r"""#!/bin/sh
cp -r . "$SEEN"
printf '%s\n' "$@" >"$SEEN/argv"
printf '%s\n' '{"type":"text","text":"Step 1\nStep 2"}' plain >&2
echo '{"outcome":"success"}'
"""


def build(tmp_path: Path, program: str) -> FeatureBuild:
    file, folder = tmp_path / "devcontainer", tmp_path / "shop" / ".devcontainer"
    file.write_text(program)
    file.chmod(0o755)
    (folder / "hello").mkdir(parents=True)
    (folder / "hello" / "install.sh").write_text("echo hi")
    names = ("./hello", "ghcr.io/x/y:1")
    layer = FeatureLayer(
        program=file,
        environment={"PATH": "/usr/bin:/bin", "SEEN": str(tmp_path / "seen")},
        configuration={"features": {key: {} for key in names}},
        folder=folder,
        names=names,
        boundary=folder.parent,
        content=content_digest(feature_files(folder, names, folder.parent)),
        labels={"a": "b c"},
    )
    return FeatureBuild(layer, "base:1", "berth/features:tag")


async def steps(wanted: FeatureBuild) -> list[BuildStep]:
    with anyio.fail_after(30):
        async with lay_features(wanted) as found:
            return [step async for step in found]


async def test_the_cli_sees_a_project_with_the_image_and_the_features_only(tmp_path: Path) -> None:
    said = await steps(build(tmp_path, GOOD))
    assert [step.log for step in said] == [None, "Step 1", "Step 2", "plain"]
    seen = tmp_path / "seen"
    assert json.loads((seen / ".devcontainer/devcontainer.json").read_text()) == {
        "image": "base:1",
        "features": {"./hello": {}, "ghcr.io/x/y:1": {}},
    }
    assert (seen / ".devcontainer/hello/install.sh").read_text() == "echo hi"
    argv = (seen / "argv").read_text().splitlines()
    assert argv[0] == "build"
    assert argv[-2:] == ["--label", "a=b c"]
    assert argv[argv.index("--image-name") + 1] == "berth/features:tag"


async def test_a_failure_has_the_last_lines(tmp_path: Path) -> None:
    with pytest.raises(ImageError) as caught:
        await steps(build(tmp_path, "#!/bin/sh\necho no such feature >&2; exit 1\n"))
    assert (caught.value.kind, "no such feature" in caught.value.message) == ("build-failed", True)


async def test_other_files_than_those_that_were_planned_are_refused(tmp_path: Path) -> None:
    wanted = build(tmp_path, GOOD)
    (wanted.layer.folder / "hello" / "install.sh").write_text("echo something else")
    with pytest.raises(BerthError) as caught:
        await steps(wanted)
    assert caught.value.kind == "context-changed"


async def test_leaving_ends_it_and_all_that_it_has_started(tmp_path: Path) -> None:
    fifo = tmp_path / "alive"
    program = f"#!/bin/sh\nmkfifo {fifo}; cat {fifo} >/dev/null & echo begun >&2; wait\n"
    with anyio.fail_after(30):
        async with lay_features(build(tmp_path, program)) as found:
            async for step in found:
                if step.log == "begun":
                    break
        # Nobody is left who reads: writing without waiting fails.
        with pytest.raises(OSError, match="No such device or address"):
            await anyio.to_thread.run_sync(open_for_writing, fifo)


def open_for_writing(fifo: Path) -> None:
    os.close(os.open(fifo, os.O_WRONLY | os.O_NONBLOCK))
