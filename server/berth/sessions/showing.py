"""What an agent did, as the session's record shows it."""

from berth.protocol.event_body import EventBody
from berth.protocol.events import OptionsChanged, UsageUpdated
from berth.protocol.tool_events import ToolEnded, ToolStarted, ToolUpdated
from berth.sessions.record import Record


def show(body: EventBody, record: Record) -> None:
    """Publishes an event, and keeps of it what people see of a session at a glance."""
    record.publish(body)
    match body:
        case OptionsChanged():
            record.update(options=body.options)
        case UsageUpdated():
            record.update(usage=body.usage)
        case ToolStarted() | ToolUpdated() | ToolEnded():
            activity = None if isinstance(body, ToolEnded) else body.title or body.family
            if activity != record.info.activity:
                record.update(activity=activity)
        case _:
            pass
