import re
import subprocess

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from berth.settings.words import shell_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("  -m\t2g\n", ["-m", "2g"]),
        ("-e 'A=b c' -e \"D=it's\"", ["-e", "A=b c", "-e", "D=it's"]),
        ("-m 2g \\\n  --gpus all", ["-m", "2g", "--gpus", "all"]),
        ('-e "A=\\$HOME \\`x\\` \\\\ \\" \\n"', ["-e", 'A=$HOME `x` \\ " \\n']),
        ("'a\\\nb'", ["a\\\nb"]),
        ("'' \"\"", ["", ""]),
        ("a\\ b", ["a b"]),
        ("--cpus=$(nproc) ~ * #x", ["--cpus=$(nproc)", "~", "*", "#x"]),
    ],
)
def test_a_string_is_taken_apart_and_nothing_is_expanded(text: str, words: list[str]) -> None:
    assert shell_words(text) == words


@pytest.mark.parametrize("text", ["'a", '"a', "a\\", "\"it's", "'a\\'b'"])
def test_what_is_left_open_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="has a quote that is not closed, or ends in a backslash"):
        shell_words(text)


@settings(max_examples=60, deadline=None)
@given(pieces=st.lists(st.sampled_from([*"ab-=:,'\"\\ \n\t", "\\$", "\\\n", "'x y'", '"x y"']), max_size=14))
def test_the_words_are_those_of_a_real_shell(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        words = shell_words(text)
    except ValueError:
        return
    # A dollar after two backslashes is not escaped: the shell expands it, and here nothing is expanded.
    assume("\\\\$" not in text)
    # A line's end outside of quotes ends a command for the shell, and only parts words here.
    assume("\n" not in re.sub(r"\\.", "", text, flags=re.DOTALL))
    script = f"set -- {text}" + '\nfor word; do printf "%s\\0" "$word"; done'
    shown = subprocess.run(["/bin/sh", "-c", script], capture_output=True, timeout=10, check=True)
    assert shown.stdout.decode().split("\0")[:-1] == words
