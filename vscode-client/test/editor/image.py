#!/usr/bin/env python3
"""Prints a name of the image that a workspace's newest session runs in: ``image.py FOLDER``."""

import sys

import docker

LABEL = "dev.berth.workspace"


def main(folder: str) -> int:
    """Answers the exit status."""
    engine = docker.from_env()
    newest, *_ = engine.containers.list(all=True, filters={"label": f"{LABEL}={folder}"})
    sys.stdout.write(f"{newest.image.tags[0]}\n")
    engine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
