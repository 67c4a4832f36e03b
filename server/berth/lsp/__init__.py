"""The face that editors see: the only importer of pygls and lsprotocol."""
