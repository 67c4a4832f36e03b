import { expect, test } from "vitest";
import { stripped } from "../../src/server/configuration";

test("the server does not see how it is started", () => {
  expect(stripped({ serverCommand: ["berth"], agent: "claude" })).toEqual({ agent: "claude" });
});

test.each([[null], ["text"], [[1]]])("what is no section passes as it is: %j", (section) => {
  expect(stripped(section)).toEqual(section);
});
