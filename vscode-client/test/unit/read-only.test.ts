import { expect, test } from "vitest";
import type { AgentOption } from "../../src/generated/protocol";
import { readOnlySwitch } from "../../src/options/read-only";
import { hasReadOnly } from "../../src/sessions/states";
import { session } from "./examples";

const mode = (value: string, ...values: string[]): AgentOption => ({
  id: "mode",
  name: "Mode",
  category: "mode",
  type: "select",
  value,
  choices: values.map((choice) => ({ value: choice, name: choice, description: "" })),
  description: "",
});

test("an agent goes into the mode in which it changes nothing, by its own word for that", () => {
  expect(readOnlySwitch([mode("default", "default", "plan")])).toEqual({ option: "mode", from: "default", to: "plan" });
  expect(readOnlySwitch([mode("auto", "read-only", "auto")])?.to).toBe("read-only");
});

test("it comes back into the mode that it was in, else into its first other one", () => {
  const planning = mode("plan", "default", "acceptEdits", "plan");
  expect(readOnlySwitch([planning], "acceptEdits")?.to).toBe("acceptEdits");
  expect(readOnlySwitch([planning], "gone")?.to).toBe("default");
});

test("an agent without such a mode has no switch, and neither has one that does not run", () => {
  expect(readOnlySwitch([mode("default", "default", "yolo")])).toBeUndefined();
  expect(readOnlySwitch([mode("plan", "plan")])).toBeUndefined();
  const options = [mode("default", "default", "plan")];
  expect([hasReadOnly(session({ options })), hasReadOnly(session({ options, state: "stopped" }))]).toEqual([
    true,
    false,
  ]);
});
