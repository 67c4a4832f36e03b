import { expect, test } from "vitest";
import { Activity } from "../../src/activity/activity";
import type { EventBody } from "../../src/generated/protocol";
import { event, toolStarted } from "./examples";

function after(...bodies: EventBody[]): Activity {
  const activity = new Activity();
  bodies.forEach((body, index) => {
    activity.take(event(index + 1, body));
  });
  return activity;
}

const changed = (...paths: string[]): EventBody => ({ kind: "files.changed", paths, truncated: false });
const turnEnded: EventBody = { kind: "turn.ended", state: "cancelled", stopReason: "", duration: 1 };

test("a tool call goes on until it ends", () => {
  const { kind: _, ...tool } = toolStarted("a");
  expect(after(toolStarted("a"), toolStarted("b")).tools.map((open) => open.tool)).toEqual(["a", "b"]);
  expect(after(toolStarted("a"), { kind: "tool.ended", ...tool, status: "completed" }).tools).toEqual([]);
});

test("a tool call is what it was last told to be", () => {
  const { kind: _, ...tool } = toolStarted("a", { title: "Write hello.md" });
  expect(after(toolStarted("a"), { kind: "tool.updated", ...tool }).tool("a")?.title).toBe("Write hello.md");
});

test("a tool call that was never told to end does so with its turn, and when the agent dies", () => {
  expect(after(toolStarted("a"), turnEnded).tools).toEqual([]);
  expect(
    after(toolStarted("a"), { kind: "session.state", from: "working", to: "failed", why: "It died." }).tools,
  ).toEqual([]);
});

test("changed files are told once each, the latest first", () => {
  expect(after(changed("/d/a", "/d/b"), changed("/d/a")).files).toEqual(["/d/a", "/d/b"]);
});

test("of very many changed files the latest are kept and the others counted", () => {
  const activity = after(changed(...Array.from({ length: 250 }, (_, index) => `/d/${index}`)));
  expect(activity.files).toHaveLength(200);
  expect(activity.files[0]).toBe("/d/249");
  expect(activity.more).toBe(50);
});

test("nobody counts what the server did not", () => {
  expect(after({ kind: "files.changed", paths: ["/d/a"], truncated: true }, changed("/d/b")).more).toBeUndefined();
});

test("an event that was heard already changes nothing", () => {
  const activity = after(toolStarted("a"), turnEnded);
  expect(activity.take(event(1, toolStarted("a")))).toBe(false);
  expect(activity.tools).toEqual([]);
});

test("what an agent says changes nothing here", () => {
  expect(new Activity().take(event(1, { kind: "part.delta", part: "p", text: "hello" }))).toBe(false);
});
