"""What Berth lists and sends is what Docker's own client would have sent, on a real engine."""

import io
import os
import secrets
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from berth.builds.context import stream
from berth.builds.dockerfile import read_dockerfile
from berth.builds.ignore import read_ignore
from berth.builds.listing import Wanted, list_context
from berth.builds.usage import Build, usage_of
from tests.builds.contexts import write
from tests.builds.ignore_cases import CASES, EVERYTHING, TREE, Case

pytestmark = [
    pytest.mark.engine,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not shutil.which("docker"), reason="the Docker CLI is missing"),
]

TAG = f"berth-test-context-{secrets.token_hex(4)}"


def docker(*arguments: str, given: bytes | None = None) -> bytes:
    """The CLI's answer; its classic builder, which every engine has."""
    environment = os.environ | {"DOCKER_BUILDKIT": "0"}
    ran = subprocess.run(
        ["docker", *arguments], check=False, input=given, env=environment, capture_output=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout


def image(tag: str, *arguments: str, given: bytes | None = None) -> dict[str, tuple[str, int, bytes]]:
    """What is in ``/x`` of the image that a build makes: type, mode and content by path."""
    docker("build", "--quiet", "--tag", tag, *arguments, given=given)
    container = docker("create", tag, "nothing").decode().strip()
    try:
        with tarfile.open(fileobj=io.BytesIO(docker("export", container))) as tar:
            return {member.name[2:]: described(tar, member) for member in tar if member.name.startswith("x/")}
    finally:
        docker("rm", container)
        docker("rmi", tag)


def described(tar: tarfile.TarFile, member: tarfile.TarInfo) -> tuple[str, int, bytes]:
    content = tar.extractfile(member) if member.isreg() else None
    return (repr(member.type), member.mode, content.read() if content else member.linkname.encode())


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Case, Path]]:
    made = []
    for number, case in enumerate(case for case in CASES if case.classic):
        root = write(tmp_path_factory.mktemp(f"case{number}"), {name: name for name in TREE})
        made.append((case, write(root, {"Dockerfile": "FROM scratch\nCOPY . /x/\n", ".dockerignore": case.lines})))
    return made


def test_the_recorded_ignore_files_mean_the_same_to_this_engines_client(folders: list[tuple[Case, Path]]) -> None:
    assert len(folders) > 40
    found = {case.lines: set(EVERYTHING) - set(image(TAG, str(root))) for case, root in folders}
    assert found == {case.lines: set(case.left_out) for case, _ in folders}


DOCKERFILES = {
    "all": "FROM scratch\nCOPY . /x/\n",
    "some": "FROM scratch\nCOPY src/*.py docs/deep top/README.md a.txt /x/\n",
    "folder links": "FROM scratch\nCOPY top /x/\nCOPY src/link /x/y\n",
    "stages": "FROM scratch AS one\nCOPY src /src\nFROM scratch\nCOPY --from=one /src /x/\nCOPY temp[0-9] /x/\n",
    "variables": "ARG WHERE=src\nFROM scratch\nARG WHERE\nENV DEEP=lib\nCOPY $WHERE/${DEEP}/ /x/\n",
}


@pytest.mark.parametrize("name", DOCKERFILES)
def test_an_image_made_of_what_is_sent_equals_one_made_of_the_whole_folder(tmp_path: Path, name: str) -> None:
    root = write(tmp_path, {file: file for file in TREE})
    write(root, {"Dockerfile": DOCKERFILES[name], ".dockerignore": "*.log\nDockerfile\n.dockerignore\n"})
    (root / "top").symlink_to("docs")
    (root / "src" / "link").symlink_to("lib")
    (root / "src" / "a.py").chmod(0o700)
    raw = (root / "Dockerfile").read_bytes()
    ignore = read_ignore((root / ".dockerignore").read_bytes(), ".dockerignore", first=())
    found = list_context(Wanted(str(root), usage_of(read_dockerfile(raw, "Dockerfile"), Build()).classic, ignore))
    extra = {"Dockerfile": raw, ".dockerignore": b"Dockerfile\n.dockerignore\n"}
    ours = image(TAG, "-", given=b"".join(stream(found, extra)))
    assert ours == image(TAG, str(root))
    assert ours
