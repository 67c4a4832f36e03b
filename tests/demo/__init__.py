from pathlib import Path


def fake_server_path() -> Path:
    return Path(__file__).with_name("fake_server.py")
