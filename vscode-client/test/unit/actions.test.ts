import { expect, test } from "vitest";
import { actionsFor } from "../../src/status/actions";
import { question, session } from "./examples";

function offered(...args: Parameters<typeof actionsFor>): string[] {
  return actionsFor(...args).map(({ command }) => command);
}

test("without a session only a start is offered", () => {
  expect(offered("running", undefined)).toEqual(["berth.start"]);
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
  expect(offered("missing", session())).toEqual(["berth.restartServer", "berth.showLogs"]);
});
