import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { TRAITS } from "../../src/sessions/states";

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf-8");
const manifest = JSON.parse(read("package.json"));
const commands: string[] = manifest.contributes.commands.map(({ command }: { command: string }) => command);

test("every command of the palette is registered, and no other", () => {
  const registered = [...read("src/commands/register.ts").matchAll(/^ {2}(?:"|.*register\(")(berth\.\w+)"/gm)].map(
    ([, id]) => id,
  );
  expect(registered.sort()).toEqual([...commands].sort());
});

test("every text that is named is there, and no other", () => {
  const named = [...read("package.json").matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
  expect(Object.keys(JSON.parse(read("package.nls.json"))).sort()).toEqual([...new Set(named)].sort());
});

test("only the user says which program is started", () => {
  expect(manifest.contributes.configuration[0].properties["berth.serverCommand"].scope).toBe("machine");
});

test("no setting of an untrusted workspace counts", () => {
  const settings = manifest.contributes.configuration.flatMap((section: { properties: object }) =>
    Object.keys(section.properties),
  );
  const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
  expect([...restricted, "berth.serverCommand"].sort()).toEqual(settings.sort());
});

test("files stay small", () => {
  const files = readdirSync(new URL("src/", root), { recursive: true, encoding: "utf-8" });
  const own = files.filter((path) => path.endsWith(".ts") && !path.startsWith("generated"));
  const long = own.filter((path) => read(`src/${path}`).split("\n").length > 150);
  expect(own.length).toBeGreaterThan(20);
  expect(long).toEqual([]);
});

const menus: { command: string; when: string }[] = Object.values(manifest.contributes.menus).flat() as never;

test("menus have commands that there are", () => {
  expect(menus.filter(({ command }) => !commands.includes(command))).toEqual([]);
});

test("menus, enablements and welcomes ask only for what is told", () => {
  const { commands: offered, viewsWelcome } = manifest.contributes;
  const clauses: string[] = [
    ...menus.map(({ when }) => when),
    ...offered.map(({ enablement }: { enablement?: string }) => enablement ?? ""),
    ...viewsWelcome.map(({ when }: { when: string }) => when),
  ];
  const keys = clauses.flatMap((clause) => [...clause.matchAll(/berth\.(\w+)/g)].map(([, key]) => key ?? ""));
  const traits = clauses.flatMap((clause) => [...clause.matchAll(/\\b(\w+)\\b/g)].map(([, trait]) => trait ?? ""));
  const told = [...Object.keys(TRAITS), "server", "sessions", "canPrune", "canSetLimits"];
  expect([...new Set(keys)].filter((key) => !told.includes(key))).toEqual([]);
  expect([...new Set(traits)].filter((trait) => ![...told, "session", "question", "findings"].includes(trait))).toEqual(
    [],
  );
});

test("first steps are done by commands and keys that there are", () => {
  const steps: { completionEvents: string[] }[] = manifest.contributes.walkthroughs[0].steps;
  const events = steps.flatMap(({ completionEvents }) => completionEvents);
  const told = [...Object.keys(TRAITS), "server", "done.server", "done.engine", "done.start"];
  const named = (kind: string): string[] =>
    events.flatMap((event) =>
      [...event.matchAll(new RegExp(`^${kind}:berth\\.([\\w.]+)`, "g"))].map(([, id]) => id ?? ""),
    );
  expect(named("onContext").filter((key) => !told.includes(key))).toEqual([]);
  expect(named("onCommand").filter((id) => !commands.includes(`berth.${id}`))).toEqual([]);
  expect(steps.filter(({ completionEvents }) => completionEvents.length === 0)).toEqual([]);
});

test("a text that links to a command links to one that there is", () => {
  const linked = [...read("package.nls.json").matchAll(/\(command:(berth\.\w+)/g)].map(([, id]) => id ?? "");
  expect(linked.length).toBeGreaterThan(5);
  expect(linked.filter((id) => !commands.includes(id))).toEqual([]);
});

test("every picture and page that is named is there and is packed", () => {
  const named = [...read("package.json").matchAll(/"(assets\/[^"]+)"/g)].map(([, path]) => path ?? "");
  const packed = read(".vscodeignore")
    .split("\n")
    .filter((line) => line.startsWith("!"));
  expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  const isPacked = (path: string): boolean =>
    packed.includes(`!${path}`) || packed.includes(`!${path.replace(/[^/]+\.md$/, "*.md")}`);
  expect(named.filter((path) => !isPacked(path))).toEqual([]);
});

test("a profile can be begun from a template where it is written, and the template is a profile as the settings want it", () => {
  const settings = Object.assign({}, ...manifest.contributes.configuration.map(({ properties }: never) => properties));
  const profiles = settings["berth.docker.profiles"];
  const [profile] = Object.values<{ properties: object; defaultSnippets: { label: string; body: object }[] }>(
    profiles.patternProperties,
  );
  expect(profiles.defaultSnippets.length).toBeGreaterThan(3);
  expect(profile?.defaultSnippets.map(({ label }) => label)).toContain("Python");
  const keys = profile?.defaultSnippets.flatMap(({ body }) => Object.keys(body)) ?? [];
  expect(keys.filter((key) => !Object.keys(profile?.properties ?? {}).includes(key))).toEqual([]);
});
