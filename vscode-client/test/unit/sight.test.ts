import { expect, test } from "vitest";
import { jump, look, type Sight } from "../../src/transcript/sight";

const NOW = 10_000;

const seen = (before: Partial<Sight> | undefined, lines: { top: number; bottom: number }, last: number): Sight =>
  look(before && { top: 0, atEnd: false, jumps: false, left: 0, ...before }, lines, { last, now: NOW });

test("whoever sees the last line is at the end", () => {
  expect(seen(undefined, { top: 0, bottom: 9 }, 9).atEnd).toBe(true);
  expect(seen(undefined, { top: 0, bottom: 8 }, 9).atEnd).toBe(false);
});

test("whoever was at the end stays there when the document grows or the window shrinks", () => {
  expect(seen({ top: 5, atEnd: true }, { top: 5, bottom: 9 }, 20).atEnd).toBe(true);
});

test("whoever scrolls up is no longer at the end", () => {
  expect(seen({ top: 5, atEnd: true }, { top: 3, bottom: 9 }, 20)).toMatchObject({ atEnd: false, left: NOW });
});

test("whoever scrolls down to the end is there again", () => {
  expect(seen({ top: 3, atEnd: false }, { top: 12, bottom: 20 }, 20).atEnd).toBe(true);
});

test("whoever was at the end stays there when a long page loses its beginning, until the end is in sight again", () => {
  const moved = seen(jump(seen(undefined, { top: 5000, bottom: 5009 }, 5009), NOW), { top: 0, bottom: 9 }, 4000);
  expect(moved).toMatchObject({ top: 0, atEnd: true, jumps: true });
  const again = seen(moved, { top: 3991, bottom: 4000 }, 4000);
  expect(again).toMatchObject({ top: 3991, atEnd: true, jumps: false });
  expect(seen(again, { top: 3980, bottom: 3989 }, 4000).atEnd).toBe(false);
});

test("the move may be told before the change that made it", () => {
  const moved = seen({ top: 5000, atEnd: true }, { top: 0, bottom: 9 }, 5009);
  expect(moved.atEnd).toBe(false);
  expect(jump(moved, NOW + 100).atEnd).toBe(true);
  expect(jump(moved, NOW + 60_000).atEnd).toBe(false);
});
