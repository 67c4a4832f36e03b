"""Profiles for common stacks, offered to whoever has none.

Berth's own image has the agent, Node and the usual tools, so a template that needs no more names no image and works at
once. The images of other stacks have no agent in them; their descriptions say what has to be done first. All are
official images of Docker Hub or of the stack's own makers, pinned to a major version. Zig has none (ziglang.org
publishes archives only), and images that nobody answers for are no default: its profile is Berth's own image, with a
cache. No template limits memory: Berth's own limit is a share of the machine, and no fixed one would fit them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

_NO_AGENT = (
    "The image has no agent in it yet: build Berth's recipe images/agent on it (build argument BASE_IMAGE) "
    "and name the result as the image."
)


@dataclass(frozen=True, slots=True)
class Template:
    """A profile to start from. ``scope`` is where it has to stand: some settings are only obeyed in the user's own."""

    name: str
    title: str
    description: str
    profile: Mapping[str, object] = field(default_factory=dict)
    scope: Literal["workspace", "user"] = "workspace"


_ALL = (
    Template(
        "node",
        "Node.js",
        "Berth's own image, which has Node 24 and npm, with a cache for npm.",
        {"volumes": ["npm"], "env": {"NODE_ENV": "development"}},
    ),
    Template(
        "python",
        "Python",
        f"Python 3.13 with pip, and a cache for it. {_NO_AGENT}",
        {"image": "python:3.13-bookworm", "volumes": ["pip"]},
    ),
    Template(
        "python-ml",
        "Python with PyTorch and graphics cards",
        "PyTorch 2.7 with CUDA 12.8, all graphics cards, 1 GiB of shared memory for data loaders, and a cache for pip. "
        f"Graphics cards are only given by the user's own settings. {_NO_AGENT}",
        {
            "image": "pytorch/pytorch:2.7.1-cuda12.8-cudnn9-runtime",
            "volumes": ["pip"],
            "resources": {"shm": "1g", "gpus": "all"},
        },
        scope="user",
    ),
    Template(
        "rust",
        "Rust",
        f"The current Rust 1 with cargo, and a cache for it. {_NO_AGENT}",
        {"image": "rust:1-bookworm", "volumes": ["cargo"]},
    ),
    Template(
        "go",
        "Go",
        f"The current Go 1, with caches for modules and builds. {_NO_AGENT}",
        {"image": "golang:1-bookworm", "volumes": ["go"]},
    ),
    Template(
        "java",
        "Java",
        f"A Java 21 development kit (Eclipse Temurin), with caches for Maven and Gradle. {_NO_AGENT}",
        {"image": "eclipse-temurin:21-jdk", "volumes": ["maven", "gradle"]},
    ),
    Template(
        "zig",
        "Zig",
        "Berth's own image with a cache for Zig. There is no official image, so the agent fetches a release from "
        "ziglang.org first; in its HOME it survives rebuilds.",
        {"volumes": ["zig"]},
    ),
)

TEMPLATES: Mapping[str, Template] = {template.name: template for template in _ALL}
"""Every template by its name."""
