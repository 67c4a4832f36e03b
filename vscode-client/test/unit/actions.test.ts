import { expect, test } from "vitest";
import { actionsFor } from "../../src/status/actions";
import { question, session } from "./examples";

function offered(...args: Parameters<typeof actionsFor>): string[] {
  return actionsFor(...args).map(({ command }) => command);
}

test("without a session a start is offered, and a look at what it would make", () => {
  expect(offered("running", undefined)).toEqual(["berth.start", "berth.explainPlan"]);
});

test("a question is the first thing offered", () => {
  const waiting = session({ state: "waiting", inputNeeded: [question("reject_once")] });
  expect(offered("running", waiting)[0]).toBe("berth.answer");
});

test("a stopped session is not offered a stop, a prompt or a cancel", () => {
  const commands = offered("running", session({ state: "stopped" }));
  expect(commands).not.toContain("berth.stop");
  expect(commands).not.toContain("berth.prompt");
  expect(commands).not.toContain("berth.cancel");
});

test("without a server only the server can be helped", () => {
  expect(offered("missing", session())).toEqual(["berth.restartServer", "berth.setUpServer", "berth.showLogs"]);
});

test("changed settings put a rebuild on top, once", () => {
  const commands = offered("running", session({ outdated: true }));
  expect(commands[0]).toBe("berth.rebuild");
  expect(commands.filter((command) => command === "berth.rebuild")).toHaveLength(1);
});

test("a stopped session can be restarted, a running one has a shell", () => {
  expect(offered("running", session({ state: "stopped" }))).toContain("berth.restart");
  expect(offered("running", session({ state: "stopped" }))).not.toContain("berth.openShell");
  expect(offered("running", session())).toContain("berth.openShell");
});

test("every action is a command of ours", () => {
  const all = [...offered("running", session()), ...offered("running", session({ state: "failed" }))];
  expect(all.every((command) => command.startsWith("berth."))).toBe(true);
});
