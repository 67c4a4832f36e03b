"""Looks for what is wrong in the settings files of a folder, each thing with its line. Blocking."""

import os.path
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from berth.host.findings import Checked, Finding, Severity
from berth.planning.environment_files import PROJECT_FILE
from berth.planning.paths import Places, UnresolvedPath, file_path
from berth.settings.code_workspaces import code_workspace_files, code_workspace_layer
from berth.settings.environment_files import BadEnvironmentFile, parse_environment
from berth.settings.files import WORKSPACE_FILE, user_file, user_layer, workspace_layer
from berth.settings.gathered import gathered_layers, is_trusted
from berth.settings.json_files import MAX_BYTES
from berth.settings.layers import Layer
from berth.settings.observe import Unreadable, observe, read_text
from berth.settings.origin import Sourced
from berth.settings.problems import BadSettings, Problem
from berth.settings.resolve import problems_in, resolve_settings
from berth.settings.settings import Profile, Settings

MOST = 200
"""Findings of one folder. A person mends one after the other."""


def check_settings(folder: Path, given: object, environment: Mapping[str, str]) -> Checked:
    """Checks the user's file, the workspace's and the env files they name, and every profile.

    Where the workspace is not trusted, only the user's file is opened.

    Args:
        folder: The workspace folder, as the editor calls it.
        given: What the editor gave for it, see :func:`berth.settings.gathered.gathered_layers`.
        environment: The editor's.
    """
    check = _Check(Places(folder, environment))
    check.layer(user_file(), user_layer)
    if is_trusted(given):
        for path in code_workspace_files(folder):
            check.layer(path, partial(code_workspace_layer, path, folder))
        check.layer(folder / WORKSPACE_FILE, partial(workspace_layer, folder))
        check.whole(given)
    return check.result()


class _Check:
    """Collects what is wrong."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._findings: dict[tuple[str, str], Finding] = {}
        self._texts: dict[Path, list[str]] = {}
        self._files: set[Path] = set()
        self._prebuild = False

    def layer(self, path: Path, read: Callable[[], Layer | None]) -> None:
        """One settings file by itself."""
        self._files.add(path)
        try:
            layer = read()
        except BadSettings as error:
            self._bad_settings(error, "error")
            return
        for problem in problems_in(layer) if layer else ():
            self._add(problem.place, "bad-settings", _sentence(problem), "error")

    def whole(self, given: object) -> None:
        """What all layers come to. Where that is nothing, each layer was told what is wrong with it."""
        try:
            settings = resolve_settings(gathered_layers(self._places.workspace, given))
        except BadSettings:
            return
        self._prebuild = settings.prebuild is not None and settings.prebuild.value
        self._environment_file(self._places.workspace / PROJECT_FILE)
        profiles = tuple(self._of_profiles(settings))
        for file in (settings.default_env_file, *(profile.env_file for profile in profiles)):
            if file is not None and file.value:
                self._named(file)
        for file in (settings.dockerfile, *(profile.build.dockerfile for profile in profiles if profile.build)):
            if file is not None:
                self._dockerfile(file)

    def result(self) -> Checked:
        """Everything so far, by file and line."""
        findings = sorted(self._findings.values(), key=lambda finding: (finding.file, finding.line))
        return Checked(tuple(findings[:MOST]), frozenset(self._files), prebuild=self._prebuild)

    def _of_profiles(self, settings: Settings) -> Iterator[Profile]:
        for name in settings.profiles:
            try:
                yield settings.profiles[name]
            except BadSettings as error:
                self._bad_settings(error, "warning")

    def _dockerfile(self, file: Sourced[str]) -> None:
        """One that a plan depends on. What is wrong with it is told where a session is planned with it."""
        try:
            path = file_path(file.value, self._places)
        except UnresolvedPath:
            return
        if path.is_relative_to(self._places.workspace):
            self._files.add(path)

    def _named(self, file: Sourced[str]) -> None:
        place = file.origin.place
        try:
            path = file_path(file.value, self._places)
        except UnresolvedPath as error:
            self._add(place, "bad-env-file", f"The path {error}.", "error")
            return
        if not path.is_relative_to(self._places.workspace) and not file.origin.trusted:
            self._add(place, "bad-env-file", "Only the user's own settings may name an env file elsewhere.", "error")
        elif not os.path.exists(path):  # noqa: PTH110 - Path.exists() raises where a name is too long
            self._files.add(path)
            self._add(place, "bad-env-file", f"{path} does not exist.", "error")
        else:
            self._environment_file(path)

    def _environment_file(self, path: Path) -> None:
        self._files.add(path)
        try:
            text = observe([path], [], workspace=self._places.workspace).files.get(path)
            if text is not None:
                parse_environment(text, str(path))
        except BadEnvironmentFile as error:
            self._add(error.place, error.kind, error.message, "error")

    def _bad_settings(self, error: BadSettings, severity: Severity) -> None:
        for problem in error.problems:
            self._add(problem.place, error.kind, _sentence(problem), severity)

    def _add(self, place: str, kind: str, message: str, severity: Severity) -> None:
        """Takes what has a place in a file; settings that stand in none are told when they are used."""
        name, colon, number = place.rpartition(":")
        path, line = (Path(name), int(number)) if colon and number.isdecimal() else (Path(place), 0)
        if path.is_absolute():
            text = self._line(path, line) if line else ""
            self._findings.setdefault((place, message), Finding(path, line, kind, message, severity, text))

    def _line(self, path: Path, line: int) -> str:
        if path not in self._texts:
            try:
                self._texts[path] = (read_text(path, MAX_BYTES) or "").split("\n")
            except Unreadable:
                self._texts[path] = []
        lines = self._texts[path]
        return lines[line - 1].rstrip("\r") if 0 < line <= len(lines) else ""


def _sentence(problem: Problem) -> str:
    """Without the place: that is where it will be shown."""
    return f"{'This file' if problem.setting == problem.place else problem.setting} {problem.what}."
