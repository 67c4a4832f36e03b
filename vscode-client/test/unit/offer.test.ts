import { expect, test } from "vitest";
import { missing, ways } from "../../src/server/offer";
import { fits } from "../../src/server/version";

const none = { bundled: undefined, uv: undefined, pipx: undefined };

test("the server that the extension brings is offered first, then uv and pipx, and always the setting", () => {
  const all = ways({ bundled: { uv: "/bin/uv" }, uv: "/bin/uv", pipx: "/bin/pipx" });
  expect(all.map(({ label }) => label)).toEqual(["Set Up", "Install with uv", "Install with pipx", "Open Setting"]);
  expect(ways(none).map(({ label }) => label)).toEqual(["Open Setting"]);
});

test("uv and pipx install a program of its own", () => {
  const [uv, pipx] = ways({ ...none, uv: "/bin/uv", pipx: "/bin/pipx" });
  expect(uv).toMatchObject({ program: { path: "/bin/uv", args: ["tool", "install", "agent-berth"] } });
  expect(pipx).toMatchObject({ program: { path: "/bin/pipx", args: ["install", "agent-berth"] } });
});

test("the sentence says what the first way does", () => {
  expect(missing(ways({ ...none, bundled: { python: "/bin/python3" } }))).toContain("come from PyPI once");
  expect(missing(ways({ ...none, uv: "/bin/uv" }))).toContain("was not found");
  expect(missing(ways(none))).toContain("pip install agent-berth");
});

test.each([
  ["0.1.3", "0.1.0", true],
  ["0.2.0", "0.1.0", false],
  ["1.4.0", "1.2.0", true],
  ["2.0.0", "1.0.0", false],
  [undefined, "0.1.0", false],
])("server %s and extension %s: %s", (server, extension, together) => {
  expect(fits(server, extension)).toBe(together);
});
