"""What was decided and done, on disk, each line bound to the one before."""
