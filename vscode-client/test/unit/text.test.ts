import { expect, test } from "vitest";
import { oneLine, unlinked } from "../../src/text";

test("somebody else's text is one line of what can be seen", () => {
  expect(oneLine("a\n  b\u202e\u200b\u0007c", 80)).toBe("a bc");
});

test("a long line is cut and says so", () => {
  expect(oneLine("x".repeat(100), 10)).toBe(`${"x".repeat(9)}…`);
});

test("no link is left in a message", () => {
  expect(unlinked("run [me](command:x) and ](y)")).toBe("run [me] (command:x) and ] (y)");
});
