import type { SessionEvent } from "../generated/protocol";

const WIDTH = 300;

/** What an event adds to a session's log: nothing for most, since what the agent says is in the transcript. */
export function logLines(event: SessionEvent): string[] {
  const text = logText(event)?.trimEnd();
  if (!text) {
    return [];
  }
  const time = new Date(event.at).toISOString().slice(11, 19);
  return text.split("\n").map((line) => `${time} ${line}`);
}

/** What a container printed, each line cut: an agent's protocol has lines of many kilobytes. */
export function printedLines(text: string): string[] {
  const lines = text.trimEnd().split("\n");
  return text.trim() === "" ? [] : lines.map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line));
}

function logText(event: SessionEvent): string | undefined {
  switch (event.kind) {
    case "session.state":
      return [`${event.from} → ${event.to}`, event.why, event.error?.message].filter(Boolean).join(": ");
    case "image.progress":
      return event.log ?? `[image ${event.current ?? "?"}/${event.total ?? "?"}] ${event.step}`;
    case "container.state":
      return [`container ${event.status}`, event.exit?.reason].filter(Boolean).join(": ");
    case "stop.step":
      return `stop: ${event.step} ${event.outcome}`;
    case "network.allowed":
      return `reached ${event.host}:${event.port}`;
    case "network.blocked":
      return `kept from ${event.host}:${event.port}: ${event.why}`;
    case "credential.used":
      return `used ${event.name} at ${event.host}:${event.port}`;
    case "credential.withheld":
      return `was kept from a key: ${event.why}`;
    case "writeback.found":
      return event.findings.map(({ severity, path, what }) => `${severity}: ${path} ${what}`).join("\n");
    case "ceiling.passed":
      return `paused at a ceiling: ${event.message}`;
    case "notice":
      return `${event.severity}: ${event.message}`;
    case "noise":
      return `${event.stream}: ${event.text}`;
    default:
      return undefined;
  }
}
