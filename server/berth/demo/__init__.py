"""``berth demo``: the real server driven as an editor would, with what happens shown in a terminal."""
