"""What a session may reach over the network: a proxy that looks at every name, and nothing else. Stdlib only."""
