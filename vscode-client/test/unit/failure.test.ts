import { expect, test } from "vitest";
import { readFailure, sentence } from "../../src/server/failure";

test("the server's own error keeps its kind, sentence and hint", () => {
  const error = Object.assign(new Error("x"), { data: { kind: "disk-full", message: "No room.", hint: "Prune." } });
  expect(readFailure(error)).toEqual({ kind: "disk-full", message: "No room.", hint: "Prune." });
  expect(sentence(readFailure(error))).toBe("No room. Prune.");
});

test.each([[new Error("gone")], ["gone"]])("anything else is its own message: %s", (error) => {
  expect(readFailure(error)).toEqual({ kind: "request-failed", message: "gone", hint: "" });
});

test("a data without the fields is not taken for one of the server's errors", () => {
  expect(readFailure(Object.assign(new Error("gone"), { data: { kind: 1 } })).message).toBe("gone");
});
