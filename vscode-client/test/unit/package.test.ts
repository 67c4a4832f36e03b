import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf-8");
const manifest = JSON.parse(read("package.json"));
const commands: string[] = manifest.contributes.commands.map(({ command }: { command: string }) => command);

test("every command of the palette is registered, and no other", () => {
  const registered = [...read("src/commands/register.ts").matchAll(/^ {2}"(berth\.\w+)"/gm)].map(([, id]) => id);
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
