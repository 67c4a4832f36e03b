"""What an agent wrote that could run on the host: found by looking, at the end of every turn."""
