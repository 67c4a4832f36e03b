import { expect, test } from "vitest";
import { SETTINGS } from "../../src/generated/protocol";
import { byScope, type Inspected, namesIn, type Scopes } from "../../src/server/configuration";

const NEVER = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };

interface Written {
  merged?: unknown;
  settings?: Record<string, Inspected>;
  trusted?: boolean;
}

async function answered({ merged = {}, settings = {}, trusted = true }: Written): Promise<Scopes> {
  const answer = byScope({ isTrusted: () => trusted, inspect: (_, name) => settings[name] });
  const items = [{ scopeUri: "file:///w", section: "berth" }];
  const [section] = (await answer({ items }, NEVER, () => [merged])) as Scopes[];
  return section as Scopes;
}

test("each value is in the scope that it was written in, under its name below berth", async () => {
  const settings = {
    agent: { globalValue: "claude", workspaceFolderValue: "codex" },
    "docker.defaultImage": { workspaceValue: "node" },
  };
  expect(await answered({ settings })).toEqual({
    $scopes: { user: { agent: "claude" }, workspace: { "docker.defaultImage": "node" }, folder: { agent: "codex" } },
    $trusted: true,
  });
});

test("an empty or false value was written too, and a default was not", async () => {
  const settings = {
    agent: { defaultValue: "claude", globalValue: "" },
    "docker.allowCustomImages": { defaultValue: true, workspaceValue: false },
    "docker.share": { defaultValue: [] },
  };
  const { user, workspace, folder } = (await answered({ settings })).$scopes;
  expect([user, workspace, folder]).toEqual([{ agent: "" }, { "docker.allowCustomImages": false }, {}]);
});

test("the server hears that the workspace is not trusted", async () => {
  expect((await answered({ trusted: false })).$trusted).toBe(false);
});

test("the server does not see how it is started", () => {
  expect(namesIn({ serverCommand: ["x"], trace: { server: "off" }, "trace.server": "off" })).toEqual([...SETTINGS]);
});

test("what is no setting is asked for as well, so that the server can say so", () => {
  const merged = { agnet: "x", agents: { mine: {} }, docker: { defaultImgae: "x", profiles: { web: {} } }, "": 1 };
  expect(namesIn(merged).slice(SETTINGS.length)).toEqual(["agnet", "docker.defaultImgae", ""]);
});

test.each([[null], ["text"], [[1]]])("a section that is no object adds no names: %j", (merged) => {
  expect(namesIn(merged)).toEqual([...SETTINGS]);
});

test("other sections are answered as VS Code answers them, each in its place", async () => {
  const answer = byScope({ isTrusted: () => true, inspect: () => ({}) });
  const items = [{ section: "editor" }, { section: "berth" }, { section: "files" }];
  const sections = await answer({ items }, NEVER, () => [{ tabSize: 2 }, {}, null]);
  expect(sections).toMatchObject([{ tabSize: 2 }, { $trusted: true }, null]);
});
