"""Registries that package tools' own files name: which files, and what stands in them. Pure."""
