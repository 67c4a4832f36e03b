import { expect, test } from "vitest";
import { lineOfKey, placeOf } from "../../src/profiles/place";
import { freeName, nameProblem, profileRows, templateRows } from "../../src/profiles/rows";
import { profile } from "./examples";

test("the default profile comes first, the others by name", () => {
  const rows = profileRows([profile("b"), profile("a"), profile("z", { isDefault: true })]);
  expect(rows.map(({ label, description }) => [label, description])).toEqual([
    ["z", "default · workspace"],
    ["a", "workspace"],
    ["b", "workspace"],
  ]);
});

test("a profile that cannot be used says why instead of what it is", () => {
  const [row] = profileRows([
    profile("a", { problem: "It extends “x”,\nwhich is not there.", summary: "cannot be used" }),
  ]);
  expect(row?.detail).toBe("$(error) It extends “x”, which is not there.");
});

test("a template says whose settings it goes into", () => {
  const template = { name: "ml", title: "PyTorch", description: "With CUDA.", scope: "user" as const };
  expect(templateRows([template])[0]).toMatchObject({ label: "PyTorch", description: "into your own settings" });
});

test("a new name is free", () => {
  expect(freeName("node", [])).toBe("node");
  expect(freeName("node", [profile("node"), profile("node-2")])).toBe("node-3");
});

test.each(["", "-x", "a b", "ä", "x".repeat(64)])("%j is no name", (name) => {
  expect(nameProblem(name, [])).toContain("allowed");
});

test("a name that is taken is told, one that is free is taken", () => {
  expect(nameProblem("node", [profile("node")])).toContain("already");
  expect(nameProblem("node.22_x", [profile("node")])).toBeUndefined();
});

test("a place in a file is read, a setting of the editor's has none", () => {
  expect(placeOf("/demo/a:b/settings.json:12")).toEqual({ path: "/demo/a:b/settings.json", line: 11 });
  expect(placeOf("C:\\demo\\settings.json:1")).toEqual({ path: "C:\\demo\\settings.json", line: 0 });
  expect(placeOf("berth.docker.profiles.x")).toBeUndefined();
});

test("a profile is found by its key, not by whoever names it", () => {
  const text = '{\n  "berth.docker.defaultProfile": "node",\n  "berth.docker.profiles": {\n    "node" : {}\n  }\n}\n';
  expect(lineOfKey(text, "node")).toBe(3);
  expect(lineOfKey(text, "python")).toBe(0);
});
