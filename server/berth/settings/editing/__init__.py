"""Changes to settings files that leave everything else as it stands, byte for byte. See decision 7."""
