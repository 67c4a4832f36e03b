"""What holds a running session to what it may print, fill and start: it is paused, and a person asked."""
