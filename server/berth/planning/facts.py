"""What was observed and is passed in, so that planning needs to look at nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from berth.planning.git_folders import GitFolder
from berth.planning.registry_files.named import Registries


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What an engine says of itself. ``api``: its highest API version; ``architecture`` as Docker names it (``amd64``).

    ``rootless``: container uid 0 is the engine's own user. ``desktop``: the engine runs in a virtual machine that maps
    file owners by itself (Docker Desktop, OrbStack, Colima), so any uid may write. ``emulated``: architectures of other
    processors that it runs as well. ``seccomp``: it filters the kernel calls of containers.
    """

    product: Literal["docker", "podman"]
    version: str
    api: str
    architecture: str
    rootless: bool
    desktop: bool
    cpus: int
    memory: int
    init: bool = True
    emulated: tuple[str, ...] = ()
    seccomp: bool = True


@dataclass(frozen=True, slots=True)
class WorkspaceFacts:
    """The folder: its real path, and who owns it."""

    path: Path
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class ProtectionFacts:
    """What is there of that which could run later on the host, beside the paths of fixed names.

    Attributes:
        git_folders: The workspace's git folders, outer ones first.
        files: Files that lead git or an editor to what they obey (``.git`` files, ``*.code-workspace``).
        bare: Those of :data:`berth.planning.workspace.COVERED` that are not there or are an empty folder, where Berth
            can make them.
    """

    git_folders: tuple[GitFolder, ...] = ()
    files: tuple[Path, ...] = ()
    bare: frozenset[Path] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFacts:
    """What is known without an engine: enough to plan a session without a container.

    ``environment`` is the editor's. ``files`` holds the text of every file that :func:`berth.planning.needs.needs`
    named and that exists; ``existing`` the paths it named that exist, ``links`` where those of them that lead through
    symbolic links really are (:func:`berth.settings.observe.observe` finds all three).
    """

    workspace: WorkspaceFacts
    session: str
    environment: Mapping[str, str] = field(repr=False, default_factory=dict)
    files: Mapping[Path, str] = field(repr=False, default_factory=dict)
    existing: frozenset[Path] = frozenset()
    links: Mapping[Path, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BuildFacts:
    """What a Dockerfile and its context came to.

    Attributes:
        name: The Dockerfile's path in the workspace.
        content: Digest over all that is built (:class:`berth.builds.contents.Contents`).
        instructions: Digest over the Dockerfile, arguments and target alone: what a person can say yes to.
        is_overlay: It has no ``FROM``.
        bases: The images that it names.
        remotes: What it would fetch from elsewhere.
        files: How many files of the context it takes.
    """

    name: str
    content: str
    instructions: str
    is_overlay: bool
    bases: tuple[str, ...] = ()
    remotes: tuple[str, ...] = ()
    files: int = 0


@dataclass(frozen=True, slots=True)
class FeatureFacts:
    """What can be done about features: the ``devcontainer`` CLI, and what is in those that are folders of the project.

    Attributes:
        program: The CLI in the editor's PATH; None where there is none.
        content: Digest over the folders.
    """

    program: Path | None
    content: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts(LocalFacts):
    """Everything planning may know.

    ``git_identity`` is what ``git config`` said (``user.name``, ``user.email``). ``host_uid`` is the user Berth runs
    as. ``images_folder`` is where Berth's own Dockerfiles are, ``agent_recipe_digest`` the SHA-256 over
    ``images/agent`` and its arguments. ``base_image`` overrides the base of Berth's own image (``BERTH_BASE_IMAGE``).
    ``ca_file`` is a CA bundle that this network needs (``BERTH_CA_FILE``, else ``NODE_EXTRA_CA_CERTS`` of the editor):
    it goes into the image build and, read-only, into the container, with the variables that make node, git, pip and
    curl trust it.
    ``layer_recipe_digest`` and ``egress_recipe_digest`` are the SHA-256 over ``images/layer`` and ``images/egress``.
    ``attended``: a person can be asked at the editor.
    ``accounts_folder`` is where generated ``passwd`` and ``group`` files lie on the host, in a folder per user
    (:func:`berth.planning.accounts.accounts_folder`). ``build`` and ``below`` are what became of the needed builds;
    None where there is no Dockerfile. ``features`` is about those of a ``devcontainer.json``, where it has some.
    ``protection``: what of the workspace must be kept from the agent. ``registries`` are those that package tools' own
    files name. ``seal`` are the labels that prove that the
    session's container is this user's. ``sentinel`` is a random text of this plan alone, from which what stands for its
    keys is made.
    """

    engine: EngineFacts
    host_uid: int
    images_folder: Path
    agent_recipe_digest: str
    accounts_folder: Path
    git_identity: Mapping[str, str] = field(default_factory=dict)
    base_image: str | None = None
    ca_file: Path | None = None
    layer_recipe_digest: str = ""
    egress_recipe_digest: str = ""
    attended: bool = True
    build: BuildFacts | None = None
    below: BuildFacts | None = None
    features: FeatureFacts | None = None
    protection: ProtectionFacts = field(default_factory=ProtectionFacts)
    registries: Registries = field(default_factory=Registries)
    seal: Mapping[str, str] = field(default_factory=dict)
    sentinel: str = field(default="", repr=False)
