#!/usr/bin/env python3
"""Removes the containers and volumes of one workspace's sessions: ``clear.py FOLDER``. For what a broken run left."""

import sys

import docker

LABEL = "dev.berth.workspace"


def main(folder: str) -> int:
    """Answers the exit status."""
    engine = docker.from_env()
    label = f"{LABEL}={folder}"
    for container in engine.containers.list(all=True, filters={"label": label}):
        container.remove(force=True)
    for volume in engine.volumes.list(filters={"label": label}):
        volume.remove(force=True)
    engine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
