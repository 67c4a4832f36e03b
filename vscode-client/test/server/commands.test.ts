import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Activity } from "../../src/activity/activity";
import type { Commands, SessionEvent, SessionInfo } from "../../src/generated/protocol";
import { lineOfKey } from "../../src/profiles/place";
import { freeName, nameProblem, profileRows } from "../../src/profiles/rows";
import { pruneRows } from "../../src/prune/rows";
import { brief, choices } from "../../src/questions/choices";
import { details } from "../../src/questions/details";
import { readFailure } from "../../src/server/failure";
import { statsText } from "../../src/stats/text";
import { roots } from "../../src/view/nodes";
import { Editor } from "./editor";

let editor: Editor;

beforeEach(async () => {
  editor = await Editor.open();
});

afterEach(() => editor.close());

const isIdle = (info: SessionInfo): boolean => info.state === "idle" && info.turn?.state !== null;
const isAsking = (info: SessionInfo): boolean => info.inputNeeded.length > 0;
const failure = (failing: Promise<unknown>): Promise<string> =>
  failing.then(
    () => "nothing failed",
    (error: unknown) => readFailure(error).kind,
  );

async function started(
  prompt: string,
  fields: Partial<Commands["agent.start"]["arguments"]> = {},
): Promise<SessionInfo> {
  const { id } = await editor.run("agent.start", { workspaceFolder: editor.folder, prompt, ...fields });
  return editor.when(id, (info) => info.turn?.state === "complete" && isIdle(info));
}

test("a stopped session can be restarted, and its conversation goes on", async () => {
  const { id } = await started("say hello");
  await editor.run("agent.stop", { session: id, grace: 1 });
  await editor.when(id, (info) => info.state === "stopped");
  await editor.run("agent.restart", { session: id });
  await editor.when(id, isIdle);
  await editor.run("agent.prompt", { session: id, text: "say again" });
  await editor.when(id, (info) => info.turn?.prompt === "say again" && info.turn.state === "complete");
});

test("a rebuild without cache comes back to a running session", async () => {
  const { id } = await started("say hello");
  await editor.run("agent.rebuild", { session: id, noCache: true });
  await editor.until(() => moves(id).filter((state) => state === "starting").length === 2);
  await editor.when(id, isIdle);
});

/** The states that a session came into, oldest first. */
function moves(id: string): string[] {
  const told = editor.events.filter(({ session }) => session === id).flatMap(({ events }) => events);
  return told.flatMap((event) => (event.kind === "session.state" ? [event.to] : []));
}

test("a running session is removed only when that is said, and then it is gone", async () => {
  const { id } = await started("say hello");
  expect(await failure(editor.run("agent.remove", { session: id, force: false }))).toBe("wrong-state");
  await editor.run("agent.remove", { session: id, force: true });
  expect(await editor.run("agent.list", {})).toEqual([]);
});

test("a shell is a program and its arguments, and there is none where nothing runs", async () => {
  const { id } = await started("say hello");
  const { argv } = await editor.run("agent.shell", { session: id });
  expect(argv.length).toBeGreaterThan(1);
  await editor.run("agent.stop", { session: id, grace: 1 });
  await editor.when(id, (info) => info.state === "stopped");
  expect(await failure(editor.run("agent.shell", { session: id }))).toBe("wrong-state");
});

test("a plan is a page of Markdown that nothing was started for", async () => {
  const { markdown, mode } = await editor.run("agent.plan", { workspaceFolder: editor.folder });
  expect(markdown).toMatch(/^# Plan for /);
  expect(mode).toBe("container");
  expect(await editor.run("agent.list", {})).toEqual([]);
});

test("a folder that was switched to the host is planned there, until it is switched back", async () => {
  const workspaceFolder = editor.folder;
  const mode = async (): Promise<string> => (await editor.run("agent.plan", { workspaceFolder })).mode;
  await editor.run("agent.toggle", { workspaceFolder, mode: "host" });
  expect(await mode()).toBe("host");
  await editor.run("agent.toggle", { workspaceFolder, mode: "container" });
  expect(await mode()).toBe("container");
});

test("a profile from a template stands where the answer says, and can be made the default", async () => {
  const workspaceFolder = editor.folder;
  const { templates, profiles } = await editor.run("agent.profiles", { workspaceFolder });
  const name = freeName(templates[0]?.name ?? "", profiles);
  expect(nameProblem(name, profiles)).toBeUndefined();
  const added = await editor.run("agent.addProfile", { workspaceFolder, name, template: templates[0]?.name ?? "" });
  const text = await readFile(fileURLToPath(added.file), "utf-8");
  expect(text.split("\n")[lineOfKey(text, name)]).toContain(`"${name}"`);
  const { profiles: known } = await editor.run("agent.setDefaultProfile", { workspaceFolder, name });
  expect(profileRows(known.profiles)[0]).toMatchObject({ label: name, profile: { isDefault: true } });
  const without = await editor.run("agent.setDefaultProfile", { workspaceFolder, name: null });
  expect(without.profiles.default ?? null).toBeNull();
});

test("every template has a name that the client takes", async () => {
  const { templates } = await editor.run("agent.profiles", { workspaceFolder: editor.folder });
  expect(templates.filter(({ name }) => nameProblem(name, []))).toEqual([]);
});

test("the agent's mode can be changed to any of its choices", async () => {
  const { id, options } = await started("say hello");
  const mode = options.find((option) => option.category === "mode");
  const other = mode?.choices.find(({ value }) => value !== mode.value)?.value ?? "";
  await editor.run("agent.setOption", { session: id, option: mode?.id ?? "", value: other });
  const changed = await editor.when(id, (info) => info.options.some((option) => option.value === other));
  expect(changed.options.find((option) => option.id === mode?.id)?.value).toBe(other);
});

test("the doctor tells each check in a sentence", async () => {
  const { checks } = await editor.run("agent.doctor", {});
  expect(checks.length).toBeGreaterThan(3);
  expect(checks.filter(({ message }) => !message.endsWith("."))).toEqual([]);
});

async function trustQuestion(): Promise<SessionInfo> {
  await mkdir(join(editor.folder, ".vscode"), { recursive: true });
  await writeFile(join(editor.folder, ".vscode", "settings.json"), '{ "berth.docker.defaultImage": "node:22" }\n');
  editor.written["docker.defaultImage"] = { workspaceValue: "node:22" };
  const { id } = await editor.run("agent.start", { workspaceFolder: editor.folder, prompt: "say hello" });
  return editor.when(id, isAsking);
}

test("what a workspace asks for is asked with all of it, and cannot be allowed without a look at that", async () => {
  const { inputNeeded, workspaceFolder } = await trustQuestion();
  const [request] = inputNeeded;
  expect(request?.purpose).toBe("trust");
  expect(request ? details(request, undefined, workspaceFolder) : "").toContain(
    "• image: node:22 (.vscode/settings.json:1)",
  );
  expect(request ? brief(request).map(({ label }) => label) : []).toEqual(["Don't Allow"]);
  expect(request ? choices(request).map(({ label }) => label) : []).toContain("Allow for This Workspace");
});

test("what was allowed for a workspace is listed, and is asked about again when it was taken back", async () => {
  const { id, inputNeeded } = await trustQuestion();
  await editor.run("agent.respond", { session: id, request: inputNeeded[0]?.request ?? "", option: "allow_always" });
  await editor.when(id, (info) => !isAsking(info));
  const { grants } = await editor.run("agent.trust", {});
  expect(grants).toMatchObject([{ workspaceFolder: editor.folder, asks: [expect.stringContaining("image: node:22")] }]);
  const { workspaceFolder = "", digest = "" } = grants[0] ?? {};
  expect(await editor.run("agent.trust", { workspaceFolder, revoke: digest })).toMatchObject({
    grants: [],
    revoked: 1,
  });
  expect((await trustQuestion()).id).not.toBe(id);
});

test("the view of the sessions is made of what the server tells, and of what it repeats", async () => {
  const { id } = await editor.run("agent.start", { workspaceFolder: editor.folder, prompt: "write hello.txt hi" });
  const asking = await editor.when(id, isAsking);
  const request = asking.inputNeeded[0]?.request ?? "";
  expect(await labels(asking)).toEqual(["Waiting for You", "demo"]);
  await editor.run("agent.respond", { session: id, request, option: "allow_once" });
  await editor.until(() => editor.events.some(({ events }) => events.some(({ kind }) => kind === "files.changed")));
  const info = await editor.when(id, (told) => told.turn?.state === "complete");
  const session = await tree(info);
  const files = session.find(({ label }) => label === "demo")?.children.find(({ label }) => label === "Changed Files");
  expect(files?.children.map(({ label }) => label)).toEqual(["hello.txt"]);
});

async function tree(info: SessionInfo): Promise<ReturnType<typeof roots>> {
  const { events } = await editor.run("agent.replay", { session: info.id, from: 1 });
  const activity = new Activity();
  for (const event of events) {
    activity.take(event as unknown as SessionEvent);
  }
  return roots({ sessions: [{ ...info, name: "demo" }], activity: () => activity, step: () => undefined });
}

const labels = async (info: SessionInfo): Promise<string[]> => (await tree(info)).map(({ label }) => label);

test("what a session uses is told while somebody looks", async () => {
  const { id } = await started("say hello");
  expect(editor.stats).toEqual([]);
  await editor.run("agent.watchStats", { session: id, on: true });
  await editor.until(() => editor.stats.length > 0);
  expect(editor.stats[0]?.session).toBe(id);
  expect(statsText(editor.stats[0] ?? { session: id, at: 0 })).not.toBe("");
  await editor.run("agent.watchStats", { session: id, on: false });
});

test("a running session is given another limit, which is told back", async () => {
  const { id } = await started("say hello");
  const { memory } = await editor.run("agent.setLimits", { session: id, memory: "512m" });
  expect(memory).toBe(512 * 1024 * 1024);
});

test("cleaning up is told first, and then done when that is said", async () => {
  const { id } = await started("say hello");
  await editor.run("agent.stop", { session: id, grace: 1 });
  await editor.when(id, (info) => info.state === "stopped");
  const found = await editor.run("agent.prune", { dryRun: true, olderThan: "0s", force: true });
  expect(found.dryRun).toBe(true);
  expect(pruneRows(found.removed).length).toBeGreaterThan(0);
  expect(await editor.run("agent.list", {})).toHaveLength(1);
  await editor.run("agent.prune", { dryRun: false, olderThan: "0s", force: true });
  expect(await editor.run("agent.list", {})).toEqual([]);
});
