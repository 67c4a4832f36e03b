"""Docker Engine, and Podman through its Docker API. The only importer of ``docker``, and that on first use."""

from berth.engine.docker.engine import DockerEngine

__all__ = ["DockerEngine"]
