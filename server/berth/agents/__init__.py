"""Agent programs' own protocols, as bytes in and events out. No I/O, no clock, no engine."""
