import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bundle, readBundle } from "../../src/server/bundle";
import { Environment } from "../../src/server/environment";
import type { Program } from "../../src/server/program";

let storage: string;
let bundle: Bundle;
let ran: Program[];

beforeEach(async () => {
  const lab = await mkdtemp(join(tmpdir(), "berth-environment-"));
  storage = join(lab, "storage");
  bundle = {
    wheel: join(lab, "agent_berth-1-py3-none-any.whl"),
    requirements: join(lab, "requirements.txt"),
    digest: "d1",
  };
  await writeFile(bundle.wheel, "wheel");
  await writeFile(bundle.requirements, "anyio==4");
  ran = [];
});

afterEach(() => rm(join(storage, ".."), { recursive: true }));

/** Makes the folder as the first step of either way does. */
async function run(program: Program): Promise<void> {
  ran.push(program);
  if (program.args.includes("venv")) {
    await mkdir(program.args.at(-1) ?? "");
  }
}

const FOLDER = "server-d1";
const environment = (digest = "d1"): Environment => new Environment(storage, { ...bundle, digest });

test("an environment is there when it was made to its end", async () => {
  expect(await environment().python()).toBeUndefined();
  await environment().make({ python: "/usr/bin/python3" }, run);
  expect(await environment().python()).toBe(join(storage, FOLDER, "bin", "python"));
});

test("one that was interrupted is none, and is made anew", async () => {
  const failing = (program: Program): Promise<void> =>
    program.args.includes("pip") ? Promise.reject(new Error("no network")) : run(program);
  await expect(environment().make({ python: "/usr/bin/python3" }, failing)).rejects.toThrow("no network");
  expect(await environment().python()).toBeUndefined();
  await environment().make({ python: "/usr/bin/python3" }, run);
  expect(await environment().python()).toBeDefined();
});

test.each([{ uv: "/usr/bin/uv" }, { python: "/usr/bin/python3" }])(
  "libraries come with their hashes and are never built, the wheel is our own (%j)",
  async (maker) => {
    await environment().make(maker, run);
    const [, libraries, server] = ran;
    expect(libraries?.args).toEqual(expect.arrayContaining(["--require-hashes", "--only-binary", bundle.requirements]));
    expect(server?.args.slice(-2)).toEqual(["--no-deps", bundle.wheel]);
  },
);

test("a Python makes its environment without what its surroundings bring", async () => {
  await environment().make({ python: "/usr/bin/python3" }, run);
  expect(ran.every(({ args }) => args[0] === "-I")).toBe(true);
});

test("of environments of other versions the latest stays, for windows that still run it", async () => {
  for (const [at, digest] of ["a", "b", "c"].entries()) {
    await mkdir(join(storage, `server-${digest}`), { recursive: true });
    await utimes(join(storage, `server-${digest}`), at, at);
  }
  expect(await environment().hadOne()).toBe(true);
  await environment().make({ uv: "/usr/bin/uv" }, run);
  expect((await readdir(storage)).sort()).toEqual(["server-c", FOLDER]);
});

test("who never had an environment had none", async () => {
  expect(await environment().hadOne()).toBe(false);
  await environment().make({ uv: "/usr/bin/uv" }, run);
  expect(await environment().hadOne()).toBe(false);
});

test("a bundle is a wheel and its requirements, and changes with either", async () => {
  const folder = join(storage, "..");
  const found = await readBundle(folder);
  expect(found).toMatchObject({ wheel: bundle.wheel, requirements: bundle.requirements });
  await writeFile(bundle.requirements, "anyio==5");
  expect((await readBundle(folder))?.digest).not.toBe(found?.digest);
});

test("a package without a wheel has no server", async () => {
  await rm(bundle.wheel);
  expect(await readBundle(join(storage, ".."))).toBeUndefined();
  expect(await readBundle(join(storage, "absent"))).toBeUndefined();
});
