"""A language server of one page that plays a script of events: what the demo's client is tested against.

Its argument is JSON: ``{"events": [...], "refuse": {command: error}, "leave": command}``. The events go out after
``agent.start``; after ``agent.stop`` the session is stopped; it leaves without an answer when asked for ``leave``.
"""

import json
import sys

SCRIPT = json.loads(sys.argv[1])


def send(message: dict[str, object]) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
    sys.stdout.buffer.flush()


def events(*bodies: dict[str, object]) -> None:
    for body in bodies:
        send({"method": "agent/events", "params": {"session": "s1", "first": 1, "events": [body]}})


def carry_out(name: str) -> dict[str, object]:
    if name == SCRIPT.get("leave"):
        sys.exit(0)
    if name in SCRIPT.get("refuse", {}):
        return {"error": SCRIPT["refuse"][name]}
    sys.stderr.write(name + "\n")
    return {"result": {"id": "s1"}}


def answer(message: dict[str, object], params: dict[str, object]) -> None:
    if message["method"] != "workspace/executeCommand":
        send({"id": message["id"], "result": {}})
        return
    name = str(params["command"])
    send({"id": message["id"], **carry_out(name)})
    if name == "agent.start":
        send({"id": 99, "method": "window/workDoneProgress/create", "params": {"token": 1}})
        events(*SCRIPT.get("events", []))
    if name == "agent.stop":
        events({"seq": 9, "kind": "session.state", "from": "stopping", "to": "stopped"})


while head := sys.stdin.buffer.readline():
    length = int(head.split(b":")[1])
    sys.stdin.buffer.readline()
    message = json.loads(sys.stdin.buffer.read(length))
    if message.get("method") == "exit":
        break
    if "id" in message and "method" in message:
        answer(message, message.get("params") or {})
