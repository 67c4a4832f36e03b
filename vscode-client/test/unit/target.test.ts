import { expect, test } from "vitest";
import { targetOf } from "../../src/commands/target";

test("an entry of the view says what it is about", () => {
  const node = { id: "x", label: "x", session: "s1", request: "r1", children: [] };
  expect(targetOf(node)).toEqual({ session: "s1", request: "r1" });
});

test.each([undefined, null, "s1", ["s1"], { session: 3 }])("%j is no target", (argument) => {
  expect(targetOf(argument)).toEqual({});
});
