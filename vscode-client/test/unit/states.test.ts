import { expect, test } from "vitest";
import type { State } from "../../src/generated/protocol";
import { STATE_WORDS } from "../../src/generated/protocol";
import { foremost, isComingUp, isLive, isTalking, ofFolders } from "../../src/sessions/states";
import { question, session } from "./examples";

test("a session that waits for a person is foremost", () => {
  const waiting = session({ id: "old", startedAt: 1, state: "waiting", inputNeeded: [question("reject_once")] });
  expect(foremost([waiting, session({ startedAt: 2 })])).toBe(waiting);
});

test("a living session is foremost over a younger one that has ended", () => {
  const living = session({ id: "living", startedAt: 1 });
  expect(foremost([living, session({ startedAt: 2, state: "stopped" })])).toBe(living);
});

test("the youngest is foremost when all have ended", () => {
  const youngest = session({ startedAt: 2, state: "failed" });
  expect(foremost([session({ startedAt: 1, state: "stopped" }), youngest])).toBe(youngest);
});

test("nothing is foremost among none", () => {
  expect(foremost([])).toBeUndefined();
});

test("a window shows the sessions of its own folders", () => {
  const here = session({ workspaceFolder: "/here" });
  expect(ofFolders([here, session({ workspaceFolder: "/elsewhere" })], ["/here"])).toEqual([here]);
});

test("a window without a folder shows all sessions", () => {
  expect(ofFolders([session(), session()], [])).toHaveLength(2);
});

test("every state is coming up, talking, or neither, and lives in the first two", () => {
  for (const state of Object.keys(STATE_WORDS) as State[]) {
    const info = session({ state });
    expect(isComingUp(info) && isTalking(info)).toBe(false);
    expect(isLive(info)).toBe(isComingUp(info) || isTalking(info));
  }
});
