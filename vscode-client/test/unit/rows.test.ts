import { expect, test } from "vitest";
import { hasEngine, report, rows } from "../../src/doctor/rows";
import { optionRows, valueRows } from "../../src/options/rows";
import { grantRows } from "../../src/trust/rows";

const checks = [
  { name: "engine", ok: true, message: "Docker 28.", hint: "" },
  { name: "disk", ok: false, message: "1 GiB free.", hint: "Free some space." },
];

test("what failed comes first, with what to do", () => {
  expect(rows({ ok: false, checks })).toEqual([
    { label: "$(error) disk", detail: "1 GiB free. Free some space." },
    { label: "$(pass) engine", detail: "Docker 28." },
  ]);
});

test("the report has all checks as text", () => {
  expect(report({ ok: false, checks })).toBe("ok   engine: Docker 28.\nFAIL disk: 1 GiB free. Free some space.");
});

test("an engine that does not answer is none", () => {
  expect(hasEngine({ ok: false, checks })).toBe(true);
  expect(hasEngine({ ok: false, checks: [{ name: "engine", ok: false, message: "Away.", hint: "" }] })).toBe(false);
});

const mode = {
  id: "mode",
  name: "Mode",
  category: "mode",
  type: "select" as const,
  value: "ask",
  choices: [
    { value: "ask", name: "Ask", description: "" },
    { value: "code", name: "Code", description: "Edits freely" },
  ],
  description: "",
};

test("the value that an option has is marked", () => {
  expect(valueRows(mode).map(({ label, description }) => [label, description])).toEqual([
    ["Ask", "now"],
    ["Code", ""],
  ]);
  expect(optionRows([mode])[0]).toMatchObject({ label: "Mode", description: "Ask" });
});

test("an option of yes or no can be switched", () => {
  const fast = { ...mode, type: "boolean" as const, value: "true", choices: [] };
  expect(valueRows(fast).map(({ label, value, description }) => [label, value, description])).toEqual([
    ["On", "true", "now"],
    ["Off", "false", ""],
  ]);
});

test("what was allowed is told with all of it, the latest first", () => {
  const grant = {
    workspaceFolder: "/w/a",
    digest: "1",
    asks: ["image x"],
    receives: ["env Y"],
    at: 1,
    until: 86_400_000,
  };
  const found = grantRows([grant, { ...grant, workspaceFolder: "/w/b", at: 2 }]);
  expect(found.map(({ label }) => label)).toEqual(["b", "a"]);
  expect(found[0]).toMatchObject({ description: "until 1970-01-02", detail: "image x; env Y" });
});
