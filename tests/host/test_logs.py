"""Logs go to stderr and to a private file, and a reader of stderr that stalls holds up nobody."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import logging, sys
from pathlib import Path
from berth.logs import log_to_file, log_to_stderr
log_to_stderr("info")
log_to_file(Path(sys.argv[1]))
for number in range(20000):
    logging.getLogger("test").info("line %d %s", number, "x" * 100)
logging.getLogger("test").debug("not shown")
print("done", flush=True)
"""


def test_a_stalled_stderr_holds_up_nobody_and_the_file_has_everything(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    log = tmp_path / "berth.log"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(log)], stdout=subprocess.PIPE, stderr=writer, text=True
    ) as process:
        os.close(writer)
        assert process.communicate(timeout=30)[0] == "done\n"
    os.close(reader)
    texts = [path.read_text() for path in sorted(tmp_path.iterdir(), reverse=True)]
    lines = "".join(texts).splitlines()
    assert "line 19999" in lines[-1]
    assert not any("not shown" in line for line in lines)
    assert log.stat().st_mode & 0o077 == 0
