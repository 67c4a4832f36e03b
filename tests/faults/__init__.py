"""Faults on purpose: the real server on the real engine is killed in every state of a session, and nothing is lost.

``python -m tests.faults --repeat 20`` runs every scenario so often and prints a table; the tests run each a few times.
"""
