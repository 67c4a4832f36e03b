"""The wire: what commands take and answer, and what sessions tell. Imports nothing of Berth but itself."""
