import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Condition } from "../../src/server/condition";
import { Lull } from "../../src/server/lull";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("many reasons to restart are one restart, after the last of them", () => {
  let acted = 0;
  const lull = new Lull(500, () => {
    acted += 1;
  });
  for (let count = 0; count < 20; count += 1) {
    lull.later();
    vi.advanceTimersByTime(100);
  }
  expect(acted).toBe(0);
  vi.advanceTimersByTime(400);
  expect(acted).toBe(1);
  vi.advanceTimersByTime(5000);
  expect(acted).toBe(1);
});

test("nothing is restarted after the end", () => {
  let acted = 0;
  const lull = new Lull(500, () => {
    acted += 1;
  });
  lull.later();
  lull.dispose();
  vi.advanceTimersByTime(5000);
  expect(acted).toBe(0);
});

test("who waits for a server that is being started goes on when that is decided", async () => {
  const condition = new Condition();
  await condition.settled();
  condition.enter("starting");
  let settled = false;
  const waiting = condition.settled().then(() => {
    settled = true;
  });
  await Promise.resolve();
  expect(settled).toBe(false);
  condition.enter("missing");
  await waiting;
  expect(settled).toBe(true);
});
