import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FirstSteps } from "../../src/first-steps";
import type { SessionInfo } from "../../src/generated/protocol";
import { session } from "./examples";
import { contexts, tabs } from "./vscode";

beforeEach(() => {
  vi.useFakeTimers();
  contexts.length = 0;
});

afterEach(() => vi.useRealTimers());

function steps(...sessions: SessionInfo[]): FirstSteps {
  return new FirstSteps({ state: "running" }, { all: () => sessions });
}

test("what was done before the page of first steps was opened is told when it is, by keys that are true for a moment", async () => {
  const first = steps();
  tabs.fire({ opened: [{ input: undefined }] });
  expect(contexts).toEqual([]);
  await vi.advanceTimersByTimeAsync(600);
  expect(contexts).toEqual([
    ["berth.done.server", true],
    ["berth.done.server", false],
  ]);
  first.dispose();
});

test("a session that runs has an engine, and one that ended was started", async () => {
  const told = async (info: SessionInfo): Promise<unknown[]> => {
    contexts.length = 0;
    const first = steps(info);
    tabs.fire({ opened: [{ input: undefined }] });
    await vi.advanceTimersByTimeAsync(600);
    first.dispose();
    return contexts.filter(([, value]) => value === true).map(([key]) => key);
  };
  const all = ["berth.done.server", "berth.done.engine", "berth.done.start"];
  expect(await told(session({ container: "c1" }))).toEqual(all);
  expect(await told(session({ state: "failed" }))).toEqual(["berth.done.server", "berth.done.start"]);
});

test("the doctor's engine is told at once, and a file that is opened tells nothing", async () => {
  const first = steps();
  first.lookedForEngine(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(contexts).toContainEqual(["berth.done.engine", true]);
  contexts.length = 0;
  tabs.fire({ opened: [{ input: {} }] });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(contexts).toEqual([]);
  first.dispose();
});
