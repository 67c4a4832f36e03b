"""``python3 -I FOLDER``: the proxy. ``python3 -I FOLDER hold LANE``: one holder of a session's network."""

import sys

from berth_egress.holder import hold
from berth_egress.serve import serve

if __name__ == "__main__":
    sys.exit(hold(sys.argv[2]) if sys.argv[1:2] == ["hold"] else serve())
