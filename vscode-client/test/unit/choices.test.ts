import { expect, test } from "vitest";
import type { OptionKind } from "../../src/generated/protocol";
import { brief, choices } from "../../src/questions/choices";
import { question } from "./examples";

test("the safe answer comes first whatever order the agent chose", () => {
  const labels = choices(question("allow_always", "allow_once", "reject_once")).map(({ label }) => label);
  expect(labels).toEqual(["Reject", "Allow Once", "Always Allow"]);
});

test("a button says what the answer does, not what the agent calls it", () => {
  const request = question("reject_once", "allow_once");
  request.options[1] = { id: "o1", name: "No", kind: "allow_once" };
  expect(choices(request)[1]).toMatchObject({ label: "Allow Once", name: "No" });
});

test("two options of one kind are told apart by the agent's names", () => {
  const labels = choices(question("reject_once", "allow_always", "allow_always")).map(({ label }) => label);
  expect(labels[1]).toBe("Always Allow: Agent's allow_always");
});

test("an option of unknown meaning keeps its own name and comes last", () => {
  const labels = choices(question("other", "reject_once")).map(({ label }) => label);
  expect(labels).toEqual(["Reject", "Agent's other"]);
});

test("a small notification offers yes and no for this time", () => {
  const kinds = brief(question("allow_once", "allow_always", "reject_once", "reject_always"));
  expect(kinds.map(({ option }) => option.kind)).toEqual(["reject_once", "allow_once"]);
});

test("a small notification offers everything when there is no plain yes and no", () => {
  expect(brief(question("other", "other", "reject_once"))).toHaveLength(3);
});

const trust = { ...question("reject_once", "allow_once", "allow_always"), purpose: "trust" as const };

test("what a workspace asks for is answered in words of its own, the no first", () => {
  const labels = choices(trust).map(({ label }) => label);
  expect(labels).toEqual(["Don't Allow", "Allow for This Session", "Allow for This Workspace"]);
});

test("a small notification cannot allow what a workspace asks for", () => {
  expect(brief(trust).map(({ option }) => option.kind)).toEqual(["reject_once"]);
});

const kinds: [string, OptionKind][] = [
  ["never", "reject_always"],
  ["no", "reject_once"],
  ["once", "allow_once"],
  ["session", "other"],
  ["always", "allow_always"],
];
const network = {
  ...question(),
  purpose: "network" as const,
  options: kinds.map(([id, kind]) => ({ id, name: `Server's ${id}`, kind })),
};

test("a question about a host has its five answers in order of how far they reach, the no first", () => {
  const labels = choices(network).map(({ label }) => label);
  expect(labels).toEqual([
    "Don't Allow",
    "Allow for a Minute",
    "Allow for This Session",
    "Always Allow",
    "Never Allow",
  ]);
});

test("a small notification about a host offers what ends with the session", () => {
  expect(brief(network).map(({ label }) => label)).toEqual(["Don't Allow", "For a Minute", "For This Session"]);
});

test("an answer about a host that a newer server invents keeps its name and comes last", () => {
  const newer = {
    ...network,
    options: [{ id: "hour", name: "For an Hour", kind: "other" as const }, ...network.options],
  };
  expect(choices(newer).at(-1)?.label).toBe("For an Hour");
});

test("a session that was paused at a ceiling is stopped or let go on, in these words, the stop first", () => {
  const paused = { ...question("reject_once", "allow_once"), purpose: "ceiling" as const };
  expect(choices(paused).map(({ label }) => label)).toEqual(["Stop", "Go On"]);
});
