import { expect, test } from "vitest";
import { diffsOf } from "../../src/questions/diffs";
import { toolStarted } from "./examples";

const tool = toolStarted("w1", {
  content: [
    { type: "text", text: "I write." },
    { type: "diff", path: "/demo/src/a.ts", old: "a", new: "b" },
    { type: "diff", path: "/elsewhere/new.md", new: "c" },
  ],
});

test("what a tool call would change is told file by file, named from the folder on", () => {
  expect(diffsOf(tool, "/demo")).toEqual([
    { name: "src/a.ts", before: "a", after: "b" },
    { name: "/elsewhere/new.md", before: "", after: "c" },
  ]);
});

test("a tool call that changes nothing or is not known has no diff", () => {
  expect(diffsOf(toolStarted("r1"), "/demo")).toEqual([]);
  expect(diffsOf(undefined, "/demo")).toEqual([]);
});
