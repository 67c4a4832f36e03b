import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Seldom } from "../../src/view/seldom";

let acted = 0;
let seldom: Seldom;

beforeEach(() => {
  vi.useFakeTimers();
  acted = 0;
  seldom = new Seldom(100, () => {
    acted += 1;
  });
});

afterEach(() => {
  seldom.dispose();
  vi.useRealTimers();
});

test("the first time is at once", () => {
  seldom.soon();
  expect(acted).toBe(1);
});

test("however often it is asked for, it is done once more after the pause", () => {
  for (let count = 0; count < 1000; count += 1) {
    seldom.soon();
  }
  vi.advanceTimersByTime(99);
  expect(acted).toBe(1);
  vi.advanceTimersByTime(1);
  expect(acted).toBe(2);
  vi.advanceTimersByTime(1000);
  expect(acted).toBe(2);
});

test("nothing is done after the end", () => {
  seldom.soon();
  seldom.soon();
  seldom.dispose();
  vi.advanceTimersByTime(1000);
  expect(acted).toBe(1);
});
