"""What differs between operating systems: locks, users, processes. Little of the standard library only.

Relays import it, so: no typing, no asyncio, no pathlib. The halves for Windows were type-checked and never run.
"""
