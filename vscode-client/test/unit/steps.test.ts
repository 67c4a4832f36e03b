import { expect, test } from "vitest";
import { step } from "../../src/progress/steps";
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
