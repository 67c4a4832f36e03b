"""What stands between sessions and the network: one proxy a host, and one holder of a network namespace a session."""
