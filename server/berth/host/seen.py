"""What of a machine a plan for a container is made from: files, paths and programs, looked at each time. Blocking."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from berth.host.git_identity import git_identity
from berth.host.places import images_folder, recipe_digest
from berth.host.protection import protection_facts
from berth.host.registry_files import look_at_registries
from berth.planning.facts import ProtectionFacts
from berth.planning.needs import Needs
from berth.planning.registry_files.named import Registries
from berth.settings.observe import Observed, observe


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a look at files and programs found; the fields are those of :class:`berth.planning.facts.Facts`."""

    observed: Observed
    git_identity: Mapping[str, str]
    agent_digest: str
    layer_digest: str
    egress_digest: str
    protection: ProtectionFacts
    registries: Registries
    ca_file: Path | None


def seen_round(wanted: Needs, workspace: Path, environment: Mapping[str, str]) -> Seen:
    """Looks at all that planning wants to know, but for engine and builds.

    Raises:
        berth.errors.SettingsError: ``bad-env-file``: a file is there and cannot be used.
    """
    images = images_folder()
    return Seen(
        observed=observe(wanted.files, wanted.paths, workspace=workspace),
        git_identity=git_identity(environment),
        agent_digest=recipe_digest(images / "agent"),
        layer_digest=recipe_digest(images / "layer"),
        egress_digest=recipe_digest(images / "egress"),
        protection=protection_facts(workspace),
        registries=look_at_registries(wanted.registries, workspace),
        ca_file=_ca_file(environment),
    )


def _ca_file(environment: Mapping[str, str]) -> Path | None:
    named = environment.get("BERTH_CA_FILE") or environment.get("NODE_EXTRA_CA_CERTS")
    return Path(named) if named and Path(named).is_file() else None
