"""Berth hosts coding agents in containers, for any editor."""

__version__ = "0.1.0"
