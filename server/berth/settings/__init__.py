"""What user and workspace wrote, validated, each value still knowing which layer it came from."""
