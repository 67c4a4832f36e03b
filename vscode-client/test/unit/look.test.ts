import { expect, test } from "vitest";
import { STATE_WORDS, type State } from "../../src/generated/protocol";
import { look } from "../../src/status/look";
import { imageStep, session } from "./examples";

const states = Object.keys(STATE_WORDS) as State[];

test.each(states)("the status item has the protocol's word for %s", (state) => {
  expect(look("running", session({ state }), undefined).text).toContain(`Agent: ${STATE_WORDS[state]}`);
});

test("a build shows its step", () => {
  expect(look("running", session({ state: "building" }), imageStep(3, 9)).text).toContain("Building image 3/9");
});

test("a step of an earlier build is not shown while running", () => {
  expect(look("running", session(), imageStep(3, 9)).text).toContain("Agent: Running");
});

test("a session that waits stands out", () => {
  expect(look("running", session({ state: "waiting" }), undefined).background).toBe("statusBarItem.warningBackground");
});

test("a failed session stands out and says why on hover", () => {
  const error = { kind: "build-failed", message: "Step 3 failed.", hint: "" };
  const failed = look("running", session({ state: "failed", error }), undefined);
  expect(failed).toMatchObject({ background: "statusBarItem.errorBackground" });
  expect(failed.tooltip).toContain("Step 3 failed.");
});

test("a session that the settings have left behind says so on hover", () => {
  expect(look("running", session({ outdated: true }), undefined).tooltip).toContain("rebuild to apply");
  expect(look("running", session(), undefined).tooltip).not.toContain("rebuild");
});

test("several sessions are summed up, without those that have ended", () => {
  const waiting = session({ id: "a", state: "waiting" });
  const all = [
    waiting,
    session({ id: "b" }),
    session({ id: "c", state: "working" }),
    session({ id: "d", state: "stopped" }),
  ];
  const { text, tooltip } = look("running", waiting, undefined, all);
  expect(text).toMatch(/Agent: Waiting for you \+2$/);
  expect(tooltip).toContain("1 × Waiting for you, 2 × Running");
  expect(look("running", waiting, undefined, [waiting]).text).not.toContain("+");
});

test("without a session the agent is off", () => {
  expect(look("running", undefined, undefined).text).toContain("Agent: Off");
});

test.each(["missing", "stopped"] as const)("a server that is %s is named whatever was known before", (server) => {
  expect(look(server, session(), undefined).text).toContain("No Server");
});

test("a session without a container says so in the status bar", () => {
  expect(look("running", session({ mode: "host" }), undefined).text).toContain("Agent: Running (on this machine)");
  expect(look("running", session(), undefined).text).not.toContain("machine");
});
