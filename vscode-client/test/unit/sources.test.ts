import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { interpreterOf } from "../../src/server/python";
import { findServer, isWithin, type Sources } from "../../src/server/sources";

let folder: string;
let sources: Sources;
const ARGS = ["-P", "-m", "berth", "serve"];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "berth-sources-"));
  sources = {
    command: [],
    places: { searchPath: join(folder, "bin"), home: folder },
    environment: async () => undefined,
    interpreter: async () => "/opt/python/bin/python",
    hasBerth: async () => true,
    folders: ["/demo/app"],
  };
});

afterEach(() => rm(folder, { recursive: true }));

async function program(name: string): Promise<string> {
  const path = join(folder, "bin", name);
  await mkdir(join(folder, "bin"), { recursive: true });
  await writeFile(path, "");
  await chmod(path, 0o755);
  return path;
}

test("what the user wrote is started, and nothing else where that is not there", async () => {
  const path = await program("mine");
  await program("berth");
  expect(await findServer({ ...sources, command: ["mine", "--x"] })).toEqual({ path, args: ["--x"] });
  expect(await findServer({ ...sources, command: ["absent"] })).toBeUndefined();
});

test("the extension's own environment comes before the search path", async () => {
  await program("berth");
  const environment = async (): Promise<string> => "/storage/server/bin/python";
  expect(await findServer({ ...sources, environment })).toEqual({ path: "/storage/server/bin/python", args: ARGS });
});

test("the search path comes before the interpreter of the Python extension", async () => {
  const path = await program("berth");
  expect(await findServer(sources)).toEqual({ path, args: ["serve"] });
});

test("an interpreter that has Berth serves, and imports nothing of the folder it is started in", async () => {
  expect(await findServer(sources)).toEqual({ path: "/opt/python/bin/python", args: ARGS });
});

test("an interpreter without Berth is no server", async () => {
  expect(await findServer({ ...sources, hasBerth: async () => false })).toBeUndefined();
  expect(await findServer({ ...sources, interpreter: async () => undefined })).toBeUndefined();
});

test.each(["/demo/app/.venv/bin/python", "/demo/app", "python"])(
  "the interpreter %s is not even asked",
  async (path) => {
    let asked = false;
    const hasBerth = async (): Promise<boolean> => {
      asked = true;
      return true;
    };
    expect(await findServer({ ...sources, hasBerth, interpreter: async () => path })).toBeUndefined();
    expect(asked).toBe(false);
  },
);

test("a folder beside an open one is not within it", () => {
  expect(isWithin("/demo/app-2/python", ["/demo/app"])).toBe(false);
  expect(isWithin("/demo/app/../x", ["/demo/app"])).toBe(false);
  expect(isWithin("/demo/app/x", ["/other", "/demo/app"])).toBe(true);
});

test("the Python extension's interpreter is read where its API is as expected, and nothing fails where it is not", async () => {
  const api = {
    getActiveEnvironmentPath: () => ({ path: "/envs/a" }),
    resolveEnvironment: async ({ path }: { path: string }) => ({
      executable: { uri: { fsPath: `${path}/bin/python` } },
    }),
  };
  expect(await interpreterOf(api)).toBe("/envs/a/bin/python");
  expect(await interpreterOf({ getActiveEnvironmentPath: () => undefined })).toBeUndefined();
  expect(await interpreterOf(undefined)).toBeUndefined();
});
