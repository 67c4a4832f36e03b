"""Reads a project's ``devcontainer.json``, which belongs to other tools: what Berth has no use for is no error."""
