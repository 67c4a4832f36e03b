import { expect, test } from "vitest";
import { details, type Tool } from "../../src/questions/details";
import { question } from "./examples";

const request = question("reject_once", "allow_once");
const tool = (changes: Partial<Tool>): Tool => ({
  tool: "t1",
  title: "Write",
  family: "edit",
  status: "pending-confirmation",
  locations: [],
  content: [],
  ...changes,
});

test("a new file is shown with its path and text", () => {
  const shown = details(request, tool({ content: [{ type: "diff", path: "/demo/a", new: "hello" }] }), "/demo");
  expect(shown).toBe("New file a:\n\nhello");
});

test("a tool without content shows what the agent passed to it", () => {
  expect(details(request, tool({ rawInput: { command: "rm -rf x" } }), "/demo")).toContain('"command": "rm -rf x"');
});

test("what Berth says about a question is shown instead", () => {
  expect(details({ ...request, detail: "Told." }, tool({ rawInput: "x" }), "/demo")).toBe("Told.");
});

test("long text is cut and says by how much", () => {
  const text = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n");
  expect(details(request, tool({ content: [{ type: "text", text }] }), "/demo")).toMatch(/line 23\n… 76 more lines$/);
});

test("a question about nothing known has no details", () => {
  expect(details(request, undefined, "/demo")).toBe("");
});

test("a list of what a workspace asks for is shown whole, and without marks that a dialog does not know", () => {
  const lines = Array.from({ length: 40 }, (_, index) => `- \`mount ${index}\``).join("\n");
  const shown = details({ ...request, detail: `The settings ask for:\n\n${lines}` }, undefined, "/demo");
  expect(shown).toContain("• mount 0\n");
  expect(shown).toMatch(/• mount 39$/);
  expect(shown).not.toContain("`");
});

test("what Berth says about a host is shown without marks that a dialog does not know", () => {
  const network = { ...request, purpose: "network" as const, detail: "It is not in `allow`. *Always* is written." };
  expect(details(network, undefined, "/demo")).toBe("It is not in allow. Always is written.");
});
