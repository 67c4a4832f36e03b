import { expect, test } from "vitest";
import { look } from "../../src/transcript/sight";

test("whoever sees the last line is at the end", () => {
  expect(look(undefined, { top: 0, bottom: 9 }, 9).atEnd).toBe(true);
  expect(look(undefined, { top: 0, bottom: 8 }, 9).atEnd).toBe(false);
});

test("whoever was at the end stays there when the document grows or the window shrinks", () => {
  expect(look({ top: 5, atEnd: true }, { top: 5, bottom: 9 }, 20).atEnd).toBe(true);
});

test("whoever scrolls up is no longer at the end", () => {
  expect(look({ top: 5, atEnd: true }, { top: 3, bottom: 9 }, 20).atEnd).toBe(false);
});

test("whoever scrolls down to the end is there again", () => {
  expect(look({ top: 3, atEnd: false }, { top: 12, bottom: 20 }, 20).atEnd).toBe(true);
});
