"""One session: its state table, its turns, its stop ladder, its journal."""
