"""The same two acts, writing a file and running a command, as each agent's own tools."""

from berth.demo.replies import Asked, Call


def write_file(asked: Asked, name: str, content: str) -> Call:
    """Writes a file in the agent's folder, with whichever tool was offered."""
    path = f"{asked.folder or '.'}/{name}"
    if "Write" in asked.tools:
        return Call("Write", {"file_path": path, "content": content})
    if "write" in asked.tools:
        return Call("write", {"filePath": path, "content": content})
    return run_command(asked, f"cat > '{path}' <<'BERTH'\n{content}BERTH")


def run_command(asked: Asked, command: str) -> Call:
    """Runs a shell command, with whichever tool was offered.

    Raises:
        LookupError: No known tool was offered.
    """
    words = {"command": command, "description": "Scripted"}
    for name, given in (("Bash", words), ("bash", words), ("exec_command", {"cmd": command})):
        if name in asked.tools:
            return Call(name, given)
    if "shell" in asked.tools:
        return Call("shell", {"command": ["bash", "-c", command]})
    raise LookupError(f"none of these tools can run a command: {sorted(asked.tools)}")
