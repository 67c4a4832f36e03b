import { expect, test } from "vitest";
import { usageText } from "../../src/view/usage";

test("what is used is told of what there is, with its cost", () => {
  expect(usageText({ used: 12_345, size: 200_000, cost: 0.5, currency: "USD" })).toBe("12.3K of 200K tokens · $0.50");
});

test("a cost below a cent is no zero", () => {
  expect(usageText({ cost: 0.0042, currency: "EUR" })).toBe("0.004 EUR");
});

test("tokens in and out are added where nothing else is told", () => {
  expect(usageText({ inputTokens: 900, outputTokens: 100 })).toBe("1K tokens");
});

test("nothing is said where nobody knows", () => {
  expect(usageText({})).toBe("");
});
