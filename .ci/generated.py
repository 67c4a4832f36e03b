"""Runs every generator and fails, with the names, when a generated file in the checkout was not current."""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GENERATORS = ("docs/generate.py", "docs/generate_schema.py", "vscode-client/generate.py")
LEFT_OUT = {"node_modules", "out", "dist", "__pycache__"}


def main() -> int:
    """Answers the status for the shell."""
    before = digests()
    for generator in GENERATORS:
        subprocess.run([sys.executable, ROOT / generator], check=True, cwd=ROOT)
    after = digests()
    stale = sorted(str(path) for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    for path in stale:
        sys.stderr.write(f"{path} was not current; it has been made anew, look at it and commit it.\n")
    return 1 if stale else 0


def digests() -> dict[Path, str]:
    """Every file in the folders that generators write to, with its SHA-256."""
    files = (path for generator in GENERATORS for path in (ROOT / generator).parent.rglob("*") if path.is_file())
    ours = (path.relative_to(ROOT) for path in files if not LEFT_OUT & set(path.parts))
    return {path: hashlib.sha256((ROOT / path).read_bytes()).hexdigest() for path in ours}


if __name__ == "__main__":
    sys.exit(main())
