"""What this machine can run: tests that need an engine say so with a mark, and none is left out silently.

With ``BERTH_REQUIRE_ENGINE=1`` (as ``make test`` sets) a machine without an engine fails those tests. Without it they
are skipped, and one line at the end says how many and why.
"""

import functools
import http.client
import os
import socket

import pytest

NOT_TESTED = "a builder was not tested"
DEFAULT = "unix:///var/run/docker.sock"
NO_ENGINE = "no container engine answers; `make test` finds or starts one"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Lets a test that needs an engine run only where there is one."""
    if item.get_closest_marker("engine") is None and item.get_closest_marker("agents") is None:
        return
    if answers(os.environ.get("DOCKER_HOST") or DEFAULT):
        return
    if os.environ.get("BERTH_REQUIRE_ENGINE") == "1":
        pytest.fail(NO_ENGINE, pytrace=False)
    pytest.skip(NO_ENGINE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says in one line what this machine could not run."""
    left_out = [report for report in terminalreporter.getreports("skipped") if NO_ENGINE in str(report.longrepr)]
    if left_out:
        terminalreporter.write_line(f"{len(left_out)} tests did not run: {NO_ENGINE}.", yellow=True)
    reasons = [str(report.longrepr) for report in terminalreporter.getreports("skipped")]
    builders = [reason.partition(f"{NOT_TESTED}: ")[2].strip("')") for reason in reasons if NOT_TESTED in reason]
    for reason in sorted(set(builders)):
        terminalreporter.write_line(f"{builders.count(reason)} tests of a builder did not run: {reason}.", yellow=True)


@functools.cache
def answers(address: str) -> bool:
    """Whether an engine answers at an address; one named by ``ssh://`` is taken at its word."""
    scheme, _, place = address.partition("://")
    if scheme == "ssh":
        return True
    channel = http.client.HTTPConnection("localhost" if scheme == "unix" else place, timeout=5)
    try:
        if scheme == "unix":
            channel.sock = socket.socket(socket.AF_UNIX)
            channel.sock.settimeout(5)
            channel.sock.connect(place)
        channel.request("GET", "/_ping")
        return channel.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        channel.close()
