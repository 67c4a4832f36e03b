"""Words into flags, as the Docker CLI's own parser reads them, and who may use which.

The grammar is that of Go's ``pflag`` without interspersed arguments: ``--flag=value``, ``--flag value``, ``-f value``,
``-fvalue``, ``-f=value``, and several one-letter flags after one hyphen. Only booleans do without a value.
"""

from collections.abc import Iterator, Sequence

from berth.planning.docker_args.flags import ALIASES, FLAGS, SHORT, Flag
from berth.planning.docker_args.given import Given, bad_args, bad_flag, printable
from berth.planning.docker_args.scalars import boolean
from berth.settings.origin import Origin, Sourced
from berth.settings.problems import did_you_mean
from berth.settings.texts import MAX_VALUE


def parse_args(args: Sourced[tuple[str, ...]]) -> tuple[Given, ...]:
    """Parses the words of one place, and refuses what may not be used there.

    Raises:
        SettingsError: ``bad-docker-args``: an unknown flag, one without its value, one that is not allowed, or a word
            that is no flag.
    """
    given = tuple(_parse(args.value, args.origin))
    return tuple(one for one in given if not _is_harmless(one) and _is_allowed(one))


def parse_foreign_args(args: Sourced[tuple[str, ...]]) -> tuple[tuple[Given, ...], tuple[Given, ...]]:
    """Parses the words of a file that was written for other tools.

    Returns:
        The flags to obey, and those that are left out: they are about what Berth decides itself, and no harm is done.

    Raises:
        SettingsError: As :func:`parse_args`, but for flags that are left out.
    """
    given = tuple(one for one in _parse(args.value, args.origin) if not _is_harmless(one))
    taken = tuple(one for one in given if not _is_ours(one) and _is_allowed(one))
    return taken, tuple(one for one in given if _is_ours(one))


def _is_ours(given: Given) -> bool:
    """Whether Berth decides it. Users go by names there, which only the image knows."""
    return given.flag.standing == "own" or given.flag.name == "user"


def _parse(words: Sequence[str], origin: Origin) -> Iterator[Given]:
    rest = iter(words)
    for word in rest:
        _check_text(word, origin)
        if word.startswith("--") and word != "--":
            yield _long(word, rest, origin)
        elif word.startswith("-") and word not in ("-", "--"):
            yield from _short(word, rest, origin)
        else:
            raise bad_args(
                f"“{printable(word)}”",
                origin,
                "is no flag",
                hint="Image and command have settings of their own: image, and the agent's command.",
            )


def _long(word: str, rest: Iterator[str], origin: Origin) -> Given:
    name, has_value, value = word[2:].partition("=")
    flag = FLAGS.get(ALIASES.get(name, name))
    if flag is None:
        raise _unknown(f"--{name}", name, origin)
    if has_value:
        return Given(flag, value, origin)
    return Given(flag, "true" if flag.kind == "bool" else _next(flag, rest, origin), origin)


def _short(word: str, rest: Iterator[str], origin: Origin) -> Iterator[Given]:
    letters = word[1:]
    while letters:
        flag = SHORT.get(letters[0])
        if flag is None:
            raise _unknown(f"-{letters[0]}", "", origin)
        letters = letters[1:]
        if letters.startswith("=") and len(letters) > 1:
            yield Given(flag, letters[1:], origin)
            return
        if flag.kind == "bool":
            yield Given(flag, "true", origin)
            continue
        yield Given(flag, letters or _next(flag, rest, origin), origin)
        return


def _next(flag: Flag, rest: Iterator[str], origin: Origin) -> str:
    value = next(rest, None)
    if value is None:
        raise bad_args(f"--{flag.name}", origin, "has no value")
    _check_text(value, origin)
    return value


def _check_text(word: str, origin: Origin) -> None:
    """What comes in a request went through no settings."""
    if "\0" in word or len(word) > MAX_VALUE:
        raise bad_args("A word", origin, "is too long or has a NUL character in it")


def _unknown(shown: str, name: str, origin: Origin) -> Exception:
    meant = did_you_mean(name, FLAGS)
    return bad_args(f"“{printable(shown)}”", origin, f"is not a flag of docker run{meant}")


def _is_harmless(given: Given) -> bool:
    """Whether a flag switches off what is off anyway: ``--privileged=false``."""
    if given.flag.kind != "bool":
        return False
    try:
        on = boolean(given.value)
    except ValueError as error:
        raise bad_flag(given, str(error)) from error
    return not on and given.flag.standing in ("user", "never")


def _is_allowed(given: Given) -> bool:
    flag = given.flag
    if flag.standing in ("own", "absent"):
        raise bad_args(f"--{flag.name}", given.origin, f"cannot be used: it {flag.why}")
    if flag.standing == "never":
        raise bad_args(f"--{flag.name}", given.origin, f"is never allowed: it {flag.why}")
    return True
