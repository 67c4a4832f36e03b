import { expect, test } from "vitest";
import { look } from "../../src/transcript/sight";

test("whoever sees the last line is at the end", () => {
  expect(look(undefined, { top: 0, bottom: 9 }, 9).atEnd).toBe(true);
  expect(look(undefined, { top: 0, bottom: 8 }, 9).atEnd).toBe(false);
});

test("whoever was at the end stays there when the document grows or the window shrinks", () => {
  expect(look({ top: 5, atEnd: true, jumps: false }, { top: 5, bottom: 9 }, 20).atEnd).toBe(true);
});

test("whoever scrolls up is no longer at the end", () => {
  expect(look({ top: 5, atEnd: true, jumps: false }, { top: 3, bottom: 9 }, 20).atEnd).toBe(false);
});

test("whoever scrolls down to the end is there again", () => {
  expect(look({ top: 3, atEnd: false, jumps: false }, { top: 12, bottom: 20 }, 20).atEnd).toBe(true);
});

test("whoever was at the end stays there when a long page loses its beginning, until the end is in sight again", () => {
  const moved = look({ top: 5000, atEnd: true, jumps: true }, { top: 0, bottom: 9 }, 4000);
  expect(moved).toEqual({ top: 0, atEnd: true, jumps: true });
  const again = look(moved, { top: 3991, bottom: 4000 }, 4000);
  expect(again).toEqual({ top: 3991, atEnd: true, jumps: false });
  expect(look(again, { top: 3980, bottom: 3989 }, 4000).atEnd).toBe(false);
});
