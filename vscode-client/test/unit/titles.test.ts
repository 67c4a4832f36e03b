import { expect, test } from "vitest";
import { briefTitle, fullTitle } from "../../src/questions/titles";
import { question, session } from "./examples";

const title = "Allow what the settings of demo ask for? image: node:22 (/demo/.vscode/settings.json:2); mount /demo/x";
const trust = { ...question("reject_once"), purpose: "trust" as const, title };

test("a notification says who asks", () => {
  expect(briefTitle(session({ name: "Claude" }), question("reject_once"))).toBe("Claude asks: Write hello.txt");
});

test("a notification says all that a workspace asks for, and where in the workspace that stands", () => {
  expect(briefTitle(session(), trust)).toBe(
    "Allow what the settings of demo ask for? image: node:22 (.vscode/settings.json:2); mount /demo/x",
  );
});

test("above all that a workspace asks for stands the question alone", () => {
  expect(fullTitle(session(), trust)).toBe("Allow what the settings of demo ask for?");
  expect(fullTitle(session(), question("reject_once"))).toBe("Write hello.txt");
});
