import { expect, test } from "vitest";
import { step } from "../../src/progress/steps";
import { Steps } from "../../src/sessions/steps";
import { imageStep, session } from "./examples";

test("a build says its step and how much is behind it", () => {
  const building = step(session({ state: "building" }), imageStep(3, 8));
  expect(building).toEqual({ message: "Building image 3/8: RUN apt-get install", percent: 25 });
});

test("a build without numbers has no percentage", () => {
  expect(step(session({ state: "building" }), undefined)).toEqual({ message: "Building image", percent: undefined });
});

test("starting says what the session does", () => {
  const starting = step(session({ state: "starting", activity: "waiting for the agent" }), undefined);
  expect(starting.message).toBe("Starting the container: waiting for the agent");
});

test("a long step is cut to what a notification has room for", () => {
  const long = { ...imageStep(1, 2), step: `RUN ${"x".repeat(500)}` };
  expect(step(session({ state: "building" }), long).message).toMatch(/^Building image 1\/2: RUN x{55}…$/);
});

test("a new build does not begin where the last one ended", () => {
  const steps = new Steps();
  steps.take("s1", { seq: 1, at: 1, ...imageStep(16, 16) });
  expect(steps.find("s1")?.current).toBe(16);
  steps.take("s1", { seq: 2, at: 2, kind: "session.state", from: "stopped", to: "planned", why: "" });
  expect(steps.find("s1")).toBeUndefined();
});

test("a line of a step's output is no step", () => {
  const steps = new Steps();
  steps.take("s1", { seq: 1, at: 1, kind: "image.progress", step: "RUN x", cached: false, log: "line" });
  expect(steps.find("s1")).toBeUndefined();
});
