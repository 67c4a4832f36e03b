"""How relays and terminals find the user's host, and what they say to it first. Little of the standard library only.

Everything here is imported by ``berth serve`` before it is connected: no dataclasses, no typing, no asyncio.
"""
