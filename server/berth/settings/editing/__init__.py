"""Changes to settings files that leave everything else as it stands, byte for byte.

Own code, since no library does it: ``docs/decisions/0008-settings-are-edited-by-stretches.md``.
"""
