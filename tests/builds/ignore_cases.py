"""Ignore files and what BuildKit (fsutil of buildx 0.13) leaves out of one tree for each, recorded."""

from dataclasses import dataclass

TREE = (
    "a.txt",
    "b.log",
    ".env",
    ".git/config",
    "docs/x.md",
    "docs/README.md",
    "docs/deep/y.md",
    "docs/deep/z.log",
    "src/a.py",
    "src/__pycache__/a.pyc",
    "src/lib/b.py",
    "src/lib/__pycache__/b.pyc",
    "node_modules/m/index.js",
    "node_modules/keep/k.js",
    "sp ace.txt",
    "foo/foo/foo",
    "foo/bar",
    "build/out.bin",
    "x[1].txt",
    "temp1",
    "tempa",
)


@dataclass(frozen=True)
class Case:
    """``left_out`` of :data:`TREE`, the Dockerfile and the ignore file. ``classic``: the classic CLI does the same."""

    lines: str
    left_out: tuple[str, ...]
    classic: bool = True


EVERYTHING = tuple(sorted((*TREE, "Dockerfile", ".dockerignore")))


def all_but(*kept: str) -> tuple[str, ...]:
    return tuple(name for name in EVERYTHING if name not in kept)


CASES = (
    Case("", ()),
    Case("*.log", ("b.log",)),
    Case("**/*.log", ("b.log", "docs/deep/z.log")),
    Case("docs", ("docs/README.md", "docs/deep/y.md", "docs/deep/z.log", "docs/x.md")),
    Case("docs/", ("docs/README.md", "docs/deep/y.md", "docs/deep/z.log", "docs/x.md")),
    Case("/docs", ("docs/README.md", "docs/deep/y.md", "docs/deep/z.log", "docs/x.md")),
    Case("docs/*", ("docs/README.md", "docs/deep/y.md", "docs/deep/z.log", "docs/x.md")),
    Case("docs/**", ("docs/README.md", "docs/deep/y.md", "docs/deep/z.log", "docs/x.md")),
    Case("docs/*\n!docs/README.md", ("docs/deep/y.md", "docs/deep/z.log", "docs/x.md")),
    Case("docs\n!docs/README.md", ("docs/deep/y.md", "docs/deep/z.log", "docs/x.md")),
    Case("docs/**\n!docs/deep", ("docs/README.md", "docs/x.md")),
    Case("docs\n!docs/deep/y.md", ("docs/README.md", "docs/deep/z.log", "docs/x.md")),
    Case("!docs/README.md\ndocs", ("docs/README.md", "docs/deep/y.md", "docs/deep/z.log", "docs/x.md")),
    Case("*\n!src", all_but(*("src/__pycache__/a.pyc", "src/a.py", "src/lib/__pycache__/b.pyc", "src/lib/b.py"))),
    Case("*\n!src/**/*.py", all_but(*("src/a.py", "src/lib/b.py")), classic=False),
    Case("**\n!a.txt", all_but(*("a.txt",))),
    Case("*\n!docs\ndocs/deep", all_but(*("docs/README.md", "docs/x.md"))),
    Case(
        "*/*",
        (
            ".git/config",
            "build/out.bin",
            "docs/README.md",
            "docs/deep/y.md",
            "docs/deep/z.log",
            "docs/x.md",
            "foo/bar",
            "foo/foo/foo",
            "node_modules/keep/k.js",
            "node_modules/m/index.js",
            "src/__pycache__/a.pyc",
            "src/a.py",
            "src/lib/__pycache__/b.pyc",
            "src/lib/b.py",
        ),
    ),
    Case(
        "*/*/*",
        (
            "docs/deep/y.md",
            "docs/deep/z.log",
            "foo/foo/foo",
            "node_modules/keep/k.js",
            "node_modules/m/index.js",
            "src/__pycache__/a.pyc",
            "src/lib/__pycache__/b.pyc",
            "src/lib/b.py",
        ),
    ),
    Case("*/deep", ("docs/deep/y.md", "docs/deep/z.log")),
    Case("**/deep", ("docs/deep/y.md", "docs/deep/z.log")),
    Case("**/__pycache__", ("src/__pycache__/a.pyc", "src/lib/__pycache__/b.pyc")),
    Case("**/*.pyc", ("src/__pycache__/a.pyc", "src/lib/__pycache__/b.pyc")),
    Case("src/**/b.py", ("src/lib/b.py",)),
    Case("src/**", ("src/__pycache__/a.pyc", "src/a.py", "src/lib/__pycache__/b.pyc", "src/lib/b.py")),
    Case("**/foo", ("foo/bar", "foo/foo/foo")),
    Case("foo/**/foo", ("foo/foo/foo",)),
    Case("foo", ("foo/bar", "foo/foo/foo")),
    Case("foo/foo\n!foo/foo/foo", ()),
    Case("temp?", ("temp1", "tempa")),
    Case("temp[0-9]", ("temp1",)),
    Case("temp[^0-9]", ("tempa",)),
    Case("x\\[1\\].txt", ("x[1].txt",)),
    Case("x[[]1].txt", ("x[1].txt",)),
    Case("sp ace.txt", ("sp ace.txt",)),
    Case("  b.log  ", ("b.log",)),
    Case("# comment\nb.log", ("b.log",)),
    Case("#b.log\n a.txt", ("a.txt",)),
    Case("\ufeff*.log", ("b.log",)),
    Case("./a.txt", ("a.txt",)),
    Case("docs/../a.txt", ("a.txt",)),
    Case("../a.txt", ()),
    Case("//a.txt", ("a.txt",)),
    Case("! a.txt", ()),
    Case("*\n! a.txt", all_but(*("a.txt",))),
    Case("*\n!/a.txt", all_but(*("a.txt",))),
    Case(".", ()),
    Case("/", ()),
    Case("**", EVERYTHING),
    Case("**/", EVERYTHING),
    Case("*", EVERYTHING),
    Case(".*", (".dockerignore", ".env", ".git/config")),
    Case(".git\n.env", (".env", ".git/config")),
    Case("**/.env", (".env",)),
    Case("node_modules\n!node_modules/keep", ("node_modules/m/index.js",)),
    Case("node_modules/*\n!node_modules/keep", ("node_modules/m/index.js",)),
    Case("**/node_modules\n!**/keep", ("node_modules/m/index.js",), classic=False),
    Case("**o", ("foo/bar", "foo/foo/foo")),
    Case("d*s", ("docs/README.md", "docs/deep/y.md", "docs/deep/z.log", "docs/x.md")),
    Case("docs/d*p", ("docs/deep/y.md", "docs/deep/z.log")),
    Case("*o*/b*", ("foo/bar",)),
    Case("a.txt\r\nb.log\r", ("a.txt", "b.log")),
    Case("**/*.md\n!docs/README.md", ("docs/deep/y.md", "docs/x.md")),
    Case("**/*.md\n!**/README.md", ("docs/deep/y.md", "docs/x.md")),
    Case("src/*/\n!src/lib", ("src/__pycache__/a.pyc", "src/a.py")),
    Case("Dockerfile\n.dockerignore", (".dockerignore", "Dockerfile")),
    Case("a.txt\n!a.txt\na.txt", ("a.txt",)),
    Case("*.TXT", ()),
    Case("docs/**/*.log", ("docs/deep/z.log",)),
    Case("docs/**/**/y.md", ("docs/deep/y.md",)),
    Case("***/z.log", ("docs/deep/z.log",)),
    Case("{a,b}.txt", ()),
)
