import { expect, test } from "vitest";
import type { EventBody, SessionEvent } from "../../src/generated/protocol";
import { logLines, printedLines } from "../../src/logs/lines";

const stamp = { seq: 1, at: Date.UTC(2026, 0, 1, 12, 34, 56) };

test("each line of a build's output has its time", () => {
  const event: SessionEvent = { ...stamp, kind: "image.progress", step: "RUN x", cached: false, log: "one\ntwo" };
  expect(logLines(event)).toEqual(["12:34:56 one", "12:34:56 two"]);
});

test("a failure says where from, where to and why", () => {
  const error = { kind: "build-failed", message: "Step 3 failed.", hint: "" };
  const event: SessionEvent = { ...stamp, kind: "session.state", from: "building", to: "failed", why: "", error };
  expect(logLines(event)).toEqual(["12:34:56 building → failed: Step 3 failed."]);
});

test("what the agent says is not logged", () => {
  expect(logLines({ ...stamp, kind: "part.delta", part: "p", text: "secret" })).toEqual([]);
});

test("long lines of a container are cut", () => {
  expect(printedLines(`short\n${"x".repeat(1000)}\n`)).toEqual(["short", `${"x".repeat(300)}…`]);
});

test("a container that printed nothing has no lines", () => {
  expect(printedLines("\n")).toEqual([]);
});

test("what was reached, refused, used and found is in the log", () => {
  const finding = { path: "/demo/.envrc", what: "is run by direnv", severity: "warning" as const };
  const bodies: EventBody[] = [
    { kind: "network.allowed", host: "pypi.org", port: 443 },
    { kind: "network.blocked", host: "evil.example", port: 443, why: "not listed", count: 1 },
    { kind: "credential.used", name: "ANTHROPIC_API_KEY", host: "api.anthropic.com", port: 443, count: 1 },
    { kind: "credential.withheld", why: "route", count: 1 },
    { kind: "ceiling.passed", ceiling: "output", message: "It printed too much.", hint: "Look." },
    { kind: "writeback.found", findings: [finding], during: "turn", truncated: false },
  ];
  expect(
    bodies.flatMap((body, index) => logLines({ ...stamp, seq: index, ...body })).map((line) => line.slice(9)),
  ).toEqual([
    "reached pypi.org:443",
    "kept from evil.example:443: not listed",
    "used ANTHROPIC_API_KEY at api.anthropic.com:443",
    "was kept from a key: route",
    "paused at a ceiling: It printed too much.",
    "warning: /demo/.envrc is run by direnv",
  ]);
});
