import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findProgram, type Places } from "../../src/server/program";

let folder: string;
let places: Places;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "berth-program-"));
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin", "berth"), "");
  await chmod(join(folder, "bin", "berth"), 0o755);
  await writeFile(join(folder, "bin", "plain"), "");
  places = { searchPath: [join(folder, "empty"), join(folder, "bin")].join(delimiter), home: folder };
});

afterEach(() => rm(folder, { recursive: true }));

test("a name is looked up on the search path and keeps its arguments", async () => {
  expect(await findProgram(["berth", "serve"], places)).toEqual({
    path: join(folder, "bin", "berth"),
    args: ["serve"],
  });
});

test("a file that cannot be executed is no program", async () => {
  expect(await findProgram(["plain"], places)).toBeUndefined();
});

test("an absolute path is taken as it is", async () => {
  const path = join(folder, "bin", "berth");
  expect(await findProgram([path], { ...places, searchPath: "" })).toEqual({ path, args: [] });
});

test("a path in the home folder may be written with a tilde", async () => {
  expect(await findProgram(["~/bin/berth"], places)).toEqual({ path: join(folder, "bin", "berth"), args: [] });
});

test("a relative path or search path never finds a program", async () => {
  expect(await findProgram(["./bin/berth"], places)).toBeUndefined();
  expect(await findProgram(["package.json"], { ...places, searchPath: "." })).toBeUndefined();
});

test("an empty command is no program", async () => {
  expect(await findProgram([], places)).toBeUndefined();
});
