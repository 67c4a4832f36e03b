"""Decides what a session will be. Pure: no I/O, no clock, no environment."""
