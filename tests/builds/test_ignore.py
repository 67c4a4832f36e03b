"""Ignore files mean to us what they mean to Docker."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from berth.builds.ignore import Ignore, Parents, read_ignore
from berth.builds.listing import Wanted, list_context
from berth.builds.patterns import BadPattern, ignore_regex, part_regex
from berth.errors import ImageError
from tests.builds.contexts import ALL, listed, used, write
from tests.builds.ignore_cases import CASES, EVERYTHING, TREE, Case


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("tree"), {name: name for name in (*TREE, "Dockerfile", ".dockerignore")})


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case.lines))
def test_the_same_files_are_left_out_as_by_buildkit(tree: Path, case: Case) -> None:
    ignore = read_ignore(case.lines.encode(), ".dockerignore", first=())
    paths = list_context(Wanted(str(tree), used(ALL).copied, ignore)).found.paths
    assert tuple(sorted(set(EVERYTHING) - set(paths))) == tuple(sorted(case.left_out))


def test_history_and_secrets_are_left_out_by_default_and_can_be_brought_back(tmp_path: Path) -> None:
    write(tmp_path, {".env": "", ".git/config": "", "a/.env": "", "a/.git/x": "", "b": ""})
    assert listed(tmp_path) == ["a", "b"]
    assert listed(tmp_path, ignore="!.env\n!.git") == [".env", ".git", ".git/config", "a", "b"]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("a\n!", ".dockerignore:2 has a ! that excepts nothing."),
        ("[a", ".dockerignore:1 has the pattern [a, which has a [ that is never closed."),
        ("[]a]", ".dockerignore:1 has the pattern []a], which has a class that cannot be read."),
        ("[b-a]", ".dockerignore:1 has the pattern [b-a], which has a class whose range b-a goes backwards."),
        ("#\na\\", ".dockerignore:2 has the pattern a\\, which ends in a backslash."),
    ],
)
def test_what_docker_refuses_is_refused_with_its_line(lines: str, says: str) -> None:
    with pytest.raises(ImageError) as caught:
        read_ignore(lines.encode(), ".dockerignore")
    assert (caught.value.kind, caught.value.message) == ("bad-context", says)


PARTS = st.sampled_from(
    ["a", "b", "ab", "*", "**", "a*", "*a", "*a*b", "?", "[ab]", "[^a]", "a*a*", "**a", "b**", "\\*"]
)
PATTERNS = st.lists(PARTS, min_size=1, max_size=4).map("/".join)
PATHS = st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=4).map("/".join)


def plain_regex(pattern: str) -> str:
    """The pattern as moby's patternmatcher writes it as a regular expression, which backtracks freely."""
    if pattern.startswith("**") and not re.search(r"[*?\[\\]", pattern[2:]):
        rest = pattern[2:]
        return f"(.*/)?{re.escape(rest[1:])}" if rest.startswith("/") else ".*" + re.escape(rest)
    regex, at = "", 0
    while at < len(pattern):
        if pattern.startswith("**", at):
            at += 3 if pattern.startswith("/", at + 2) else 2
            regex += "(.*/)?" if at < len(pattern) else ".*"
            continue
        char = pattern[at]
        if char == "[":
            end = pattern.index("]", at)
            regex, at = regex + pattern[at : end + 1], end + 1
            continue
        if char == "\\":
            at += 1
            char = "\\" + pattern[at]
        regex += {"*": "[^/]*", "?": "[^/]"}.get(char, char)
        at += 1
    return regex


def safe_regex(pattern: str) -> str:
    """Our expression, of a pattern that does not have too many wildcards of the dangerous kind."""
    try:
        return ignore_regex(pattern)
    except BadPattern:
        reject()


@given(PATTERNS, PATHS)
def test_patterns_that_cannot_run_away_match_what_the_plain_ones_match(pattern: str, path: str) -> None:
    ours = re.fullmatch(safe_regex(pattern), path) is not None
    assert ours == (re.fullmatch(plain_regex(pattern), path) is not None)


@given(st.lists(st.tuples(st.booleans(), PATTERNS), min_size=1, max_size=5), PATHS)
def test_neighbours_in_one_expression_decide_as_each_for_itself(lines: list[tuple[bool, str]], path: str) -> None:
    raw = "\n".join(f"!{pattern}" if exception else pattern for exception, pattern in lines)
    alone = Ignore(tuple((exception, re.compile(f"(?:{safe_regex(p)})\\Z")) for exception, p in lines), None)
    together = read_ignore(raw.encode(), ".dockerignore", first=())
    parents: tuple[Parents, Parents] = ((), ())
    for end in [at for at, char in enumerate(path) if char == "/"] + [len(path)]:
        (ours, first), (theirs, second) = (
            together.verdict(path[:end], parents[0]),
            alone.verdict(path[:end], parents[1]),
        )
        parents = (first, second)
        assert ours == theirs


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "pattern",
    [
        "*a" * 100 + "b",
        "**/a*/" * 60 + "b",
        "**/" + "*a" * 100 + "/x",
        "**/*a*a*a*a*a*a*a*a*b/**/x",
        "a?*" * 80 + "[b]",
    ],
)
def test_no_pattern_takes_long(pattern: str) -> None:
    regex = re.compile(ignore_regex(pattern) + r"\Z")
    paths = ["a" * 250, "/".join(["a" * 60] * 60), "a/" * 1_500 + "a"]
    begun = time.process_time()
    assert [regex.match(path) for path in paths] == [None] * 3
    assert time.process_time() - begun < 10


def test_wildcards_that_could_run_away_are_few() -> None:
    with pytest.raises(BadPattern, match="more than 4 wildcards"):
        ignore_regex("[^a]*a*a*a*a*")


@pytest.mark.parametrize(
    ("part", "yes", "no"), [("a**b", "axb", "a"), ("[!a]", "!", "b"), ("\\*", "*", "a"), ("a]", "a]", "a")]
)
def test_parts_of_copied_paths_match_as_in_go(part: str, yes: str, no: str) -> None:
    assert re.fullmatch(part_regex(part), yes)
    assert not re.fullmatch(part_regex(part), no)
