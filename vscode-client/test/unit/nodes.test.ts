import { expect, test } from "vitest";
import { Activity } from "../../src/activity/activity";
import type { SessionInfo } from "../../src/generated/protocol";
import type { Node } from "../../src/view/node";
import { roots } from "../../src/view/nodes";
import { event, question, session, toolStarted } from "./examples";

function tree(sessions: SessionInfo[], activity = new Activity()): Node[] {
  return roots({ sessions, activity: () => activity, step: () => undefined });
}

function only(info: SessionInfo, activity?: Activity): Node {
  const [node] = tree([info], activity).filter(({ traits }) => traits.startsWith("session"));
  if (!node) {
    throw new Error("There is no session in the view.");
  }
  return node;
}

const labels = (nodes: readonly Node[]): string[] => nodes.map(({ label }) => label);
const turn = { id: "t1", prompt: "Write a\ngreeting", startedAt: 1 };

test("without a session there is nothing, so that the view can say what to do", () => {
  expect(tree([])).toEqual([]);
});

test("the youngest session comes first", () => {
  const found = tree([session({ id: "a", name: "old" }), session({ id: "b", name: "young", startedAt: 2000 })]);
  expect(labels(found)).toEqual(["young", "old"]);
});

test("a name that ends with its folder is told without it: there is little room", () => {
  expect(labels(tree([session({ name: "Claude Code in demo" })]))).toEqual(["Claude Code"]);
  expect(labels(tree([session({ name: "Claude Code in demolition" })]))).toEqual(["Claude Code in demolition"]);
});

test("sessions of one name are told apart by when they began", () => {
  const texts = (...sessions: SessionInfo[]): unknown[] => tree(sessions).map(({ description }) => description);
  const startedAt = new Date(2026, 0, 1, 9, 5).getTime();
  const twins = texts(session({ id: "a", startedAt }), session({ id: "b", startedAt: startedAt + 60_000 }));
  expect(twins).toEqual(["Running · 09:06", "Running · 09:05"]);
  expect(texts(session({ id: "a" }), session({ id: "b", name: "other" }))).toEqual(["Running", "Running"]);
});

test("sessions of several folders stand under their folders", () => {
  const found = tree([session({ id: "a" }), session({ id: "b", workspaceFolder: "/other/app" })]);
  expect(labels(found)).toEqual(["demo", "app"]);
  expect(found[0]?.children).toHaveLength(1);
});

test("what waits for a person stands on top, and a click asks that very question", () => {
  const [first] = tree([session({ inputNeeded: [question("reject_once")] })]);
  expect(first).toMatchObject({ label: "Waiting for You", description: "1", open: true });
  expect(first?.children[0]).toMatchObject({ command: "berth.answer", session: "s1", request: "r1" });
});

test("the answers about a host stand below the question, each one click away", () => {
  const options = [
    { id: "no", name: "No", kind: "reject_once" as const },
    { id: "session", name: "Session", kind: "other" as const },
  ];
  const asked = { ...question(), purpose: "network" as const, title: "Let the session reach pypi.org:443?", options };
  const [first] = tree([session({ inputNeeded: [asked] })]);
  const [node] = first?.children ?? [];
  expect(node).toMatchObject({ label: "Let the session reach pypi.org:443?", icon: { name: "globe" }, open: false });
  expect(labels(node?.children ?? [])).toEqual(["Don't Allow", "Allow for This Session"]);
  expect(node?.children[1]).toMatchObject({ command: "berth.answer", session: "s1", request: "r1", option: "session" });
});

test.each([
  ["processes", ["Stop", "Go On", "Change Limits…"]],
  ["disk", ["Stop", "Go On", "Prune…"]],
  ["output", ["Stop", "Go On"]],
] as const)("below a question about %s stands what mends that, too", (ceiling, wanted) => {
  const asked = { ...question("reject_once", "allow_once"), purpose: "ceiling" as const, ceiling };
  const [first] = tree([session({ inputNeeded: [asked] })]);
  expect(labels(first?.children[0]?.children ?? [])).toEqual(wanted);
});

test("a session says what its menus may offer", () => {
  expect(only(session()).traits).toBe("session any live talking");
  expect(only(session({ state: "stopped", outdated: true })).traits).toBe("session any ended outdated");
});

test("a session without a container is marked, and so is one with changed settings", () => {
  expect(only(session({ mode: "host" })).description).toBe("Running · ⚠ on this machine");
  expect(only(session({ outdated: true })).description).toBe("Running · settings changed");
  expect(labels(only(session({ outdated: true })).children)).toEqual(["The settings have changed"]);
});

test("a session says on hover what it may reach", () => {
  expect(only(session({ network: "allowlist" })).tooltip).toContain("Network: allowlist");
  expect(only(session()).tooltip).not.toContain("Network");
});

test("a turn is shown as one line, with what is done and what waits in line", () => {
  const [node] = only(session({ turn, activity: "Editing hello.md", queued: 2 })).children;
  expect(node).toMatchObject({ label: "Write a greeting", description: "Editing hello.md · 2 more in line" });
});

test("a turn that is over says how", () => {
  const [node] = only(session({ turn: { ...turn, state: "cancelled" } })).children;
  expect(node?.description).toBe("cancelled");
});

test("tool calls are shown while they go on, with the icon of what they do", () => {
  const activity = new Activity();
  activity.take(event(1, toolStarted("a", { title: "Run ls", family: "execute", status: "pending-confirmation" })));
  const [node] = only(session(), activity).children;
  expect(node).toMatchObject({ label: "Run ls", description: "waits for you", icon: { name: "terminal" } });
});

test("changed files are shown by name and folder, and can be opened", () => {
  const activity = new Activity();
  activity.take(event(1, { kind: "files.changed", paths: ["/demo/src/a.ts", "/demo/b.md"], truncated: false }));
  const [files] = only(session(), activity).children;
  expect(files).toMatchObject({ label: "Changed Files", description: "2", open: true });
  expect(files?.children.map(({ label, description }) => [label, description])).toEqual([
    ["b.md", undefined],
    ["a.ts", "src"],
  ]);
  expect(files?.children[0]).toMatchObject({ command: "berth.openChange", path: "/demo/b.md" });
});

test("a failed session says why, and a click shows its log", () => {
  const error = { kind: "build-failed", message: "Step 3 failed.", hint: "Look." };
  const [node] = only(session({ state: "failed", error })).children;
  expect(node).toMatchObject({
    label: "Step 3 failed.",
    tooltip: "Step 3 failed.\n\nLook.",
    command: "berth.showLogs",
  });
});

test("options of the agent are shown with their values' names, and can be changed", () => {
  const choices = [{ value: "code", name: "Code", description: "" }];
  const option = {
    id: "mode",
    name: "Mode",
    category: "mode",
    type: "select" as const,
    value: "code",
    choices,
    description: "",
  };
  const [node] = only(session({ options: [option] })).children;
  expect(node).toMatchObject({ label: "Mode", description: "Code", command: "berth.setOption", option: "mode" });
});

test("a session that ended has no options to change", () => {
  const option = {
    id: "mode",
    name: "Mode",
    category: "mode",
    type: "boolean" as const,
    value: "true",
    choices: [],
    description: "",
  };
  expect(only(session({ state: "stopped", options: [option] })).children).toEqual([]);
});

test("no two entries have one id", () => {
  const ids = (nodes: readonly Node[]): string[] => nodes.flatMap((node) => [node.id, ...ids(node.children)]);
  const usage = { used: 10 };
  const all = ids(tree(["a", "b"].map((id) => session({ id, turn, usage, inputNeeded: [question("reject_once")] }))));
  expect(new Set(all).size).toBe(all.length);
});
