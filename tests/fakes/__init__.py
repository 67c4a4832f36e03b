"""What stands in for engines and agents. Programs of the tests find the proxy's code here, as pytest does."""

import sys
from pathlib import Path

EGRESS = str(Path(__file__).parents[2] / "images" / "egress")

if EGRESS not in sys.path:
    sys.path.append(EGRESS)
