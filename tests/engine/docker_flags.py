"""Mixtures of flags of ``docker run``, for properties."""

from hypothesis import strategies as st

WORD = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)
VALUES: dict[str, st.SearchStrategy[str]] = {
    "memory": st.tuples(st.integers(100, 900).map(str), st.sampled_from(["m", "M", "mb", "MiB", "Mb", " m"])).map(
        "".join
    ),
    "cpus": st.sampled_from(["1", "0.5", ".25", "1.001", "1/2", "1e0"]),
    "pids-limit": st.integers(1, 9000).map(str),
    "shm-size": st.tuples(st.integers(1, 99).map(str), st.sampled_from(["k", "m", "kb", "KiB", "000000", "b"])).map(
        "".join
    ),
    "ulimit": st.tuples(st.sampled_from(["nofile", "nproc", "stack"]), st.integers(1, 99), st.integers(99, 999)).map(
        lambda parts: f"{parts[0]}={parts[1]}:{parts[2]}"
    ),
    "cpu-shares": st.integers(2, 4096).map(str),
    "hostname": WORD,
    "label": st.tuples(WORD, st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Zs"]), max_size=8)).map(
        "=".join
    ),
    "env": st.tuples(WORD.map(str.upper), st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=8)).map(
        "=".join
    ),
    "add-host": st.tuples(WORD, st.ip_addresses().map(str)).map(":".join),
    "dns": st.ip_addresses(v=4).map(str),
    "publish": st.tuples(st.integers(20_000, 60_000), st.integers(1, 60_000)).map(
        lambda parts: f"{parts[0]}:{parts[1]}"
    ),
    "expose": st.tuples(st.integers(1, 65_535), st.sampled_from(["", "/udp", "/sctp", "/tcp"])).map(
        lambda parts: f"{parts[0]}{parts[1]}"
    ),
    "tmpfs": st.tuples(WORD, st.sampled_from(["", ":size=1m", ":ro,mode=700", ":exec,size=64k"])).map(
        lambda parts: f"/scratch/{parts[0]}{parts[1]}"
    ),
    "stop-timeout": st.integers(0, 99).map(str),
    "health-interval": st.sampled_from(["1s", "1m30s", "1.5h", "100ms", "1h1m1.001s"]),
    "cap-add": st.sampled_from(["SYS_PTRACE", "cap_net_admin", "Chown"]),
    "oom-score-adj": st.integers(-1000, 1000).map(str),
}
LISTS = {"ulimit", "label", "env", "dns", "publish", "expose", "tmpfs", "cap-add"}
SHORT = {"memory": "m", "cpu-shares": "c", "hostname": "h", "label": "l", "env": "e", "publish": "p"}


@st.composite
def flags(draw: st.DrawFn) -> list[str]:
    """Some flags with values, in any order, each in one of the ways to write it."""
    names = draw(
        st.lists(
            st.sampled_from(sorted(VALUES)),
            min_size=1,
            max_size=8,
            unique_by=lambda n: n if n not in LISTS else object(),
        )
    )
    words: list[str] = []
    for name in names:
        value = draw(VALUES[name])
        ways = [[f"--{name}={value}"], [f"--{name}", value]]
        if name in SHORT:
            ways += [[f"-{SHORT[name]}{value}"], [f"-{SHORT[name]}", value], [f"-{SHORT[name]}={value}"]]
        words += draw(st.sampled_from(ways))
    return words
