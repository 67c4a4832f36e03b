import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Activity } from "../../src/activity/activity";
import type { SessionInfo } from "../../src/generated/protocol";
import { choices } from "../../src/questions/choices";
import { readFailure } from "../../src/server/failure";
import { transcriptUri } from "../../src/transcript/uri";

import { Editor } from "./editor";

let editor: Editor;

beforeEach(async () => {
  editor = await Editor.open();
});

afterEach(() => editor.close());

const start = (prompt: string): Promise<SessionInfo> =>
  editor.run("agent.start", { workspaceFolder: editor.folder, prompt });

const isAsking = (info: SessionInfo): boolean => info.inputNeeded.length > 0;

test("a session is told whole from its start to the end of its turn", async () => {
  const { id } = await start("say hello");
  const done = await editor.when(id, (info) => info.turn?.state === "complete");
  expect(done).toMatchObject({ workspaceFolder: editor.folder, agent: "scripted", state: "idle", inputNeeded: [] });
});

test("a permission waits in the session, is not asked a second time by the server, and is given by our first allowing button", async () => {
  const { id } = await start("write hello.txt hi");
  const asking = await editor.when(id, isAsking);
  const [request] = asking.inputNeeded;
  const offered = request ? choices(request) : [];
  expect(asking.state).toBe("waiting");
  expect(offered.map(({ label }) => label)).toEqual(["Reject", "Allow Once", "Always Allow"]);
  await editor.run("agent.respond", {
    session: id,
    request: request?.request ?? "",
    option: offered[1]?.option.id ?? "",
  });
  await editor.when(id, (info) => info.turn?.state === "complete");
  expect(await readFile(join(editor.folder, "hello.txt"), "utf-8")).toBe("hi\n");
  expect(editor.asked).not.toContain("window/showMessageRequest");
});

test("a second answer is refused by the name that the client knows", async () => {
  const { id } = await start("ask permission");
  const request = (await editor.when(id, isAsking)).inputNeeded[0]?.request ?? "";
  await editor.run("agent.respond", { session: id, request, option: "reject_once" });
  const late = editor.run("agent.respond", { session: id, request, option: "allow_once" });
  await expect(late.catch((error: unknown) => readFailure(error).kind)).resolves.toBe("already-answered");
});

test("events are numbered without gaps", async () => {
  const { id } = await start("flood 200");
  const { seq } = await editor.when(id, (info) => info.turn?.state === "complete");
  await editor.until(() => (editor.events.at(-1)?.events.at(-1)?.seq ?? 0) >= seq);
  const numbers = editor.events
    .filter(({ session }) => session === id)
    .flatMap(({ events }) => events.map((e) => e.seq));
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => index + 1));
});

test("the transcript is a virtual document that is refreshed as it grows", async () => {
  const { id } = await start("say first");
  await editor.when(id, (info) => info.turn?.state === "complete");
  const uri = transcriptUri(id);
  const { text } = await editor.request<{ text: string }>("workspace/textDocumentContent", { uri });
  expect(text).toContain("first");
  await editor.run("agent.prompt", { session: id, text: "say second" });
  await editor.until(() => editor.asked.includes("workspace/textDocumentContent/refresh"));
});

test("a session that is stopped stays in the list", async () => {
  const { id } = await start("say hello");
  await editor.when(id, (info) => info.turn?.state === "complete");
  await editor.run("agent.stop", { session: id, grace: 1 });
  await editor.when(id, (info) => info.state === "stopped");
  expect((await editor.run("agent.list", {})).map((info) => info.state)).toEqual(["stopped"]);
});

test("the server draws no progress of its own for a client that draws its own", async () => {
  const { id } = await start("say hello");
  await editor.when(id, (info) => info.turn?.state === "complete");
  expect(editor.asked).not.toContain("window/workDoneProgress/create");
});

const lineOf = async (what: string): Promise<{ value: string; layer: string; place: string } | undefined> =>
  (await editor.run("agent.plan", { workspaceFolder: editor.folder })).lines.find((line) => line.what === what);

test("the server knows whose settings are whose, and where the workspace's stand", async () => {
  await mkdir(join(editor.folder, ".vscode"));
  const file = join(editor.folder, ".vscode", "settings.json");
  await writeFile(file, '{\n  // for all of us\n  "berth.docker.defaultImage": "node:22"\n}\n');
  editor.written["docker.defaultImage"] = { workspaceValue: "node:22" };
  expect(await lineOf("image")).toMatchObject({ value: "node:22", layer: "workspace", place: `${file}:3` });
  expect(await lineOf("agent")).toMatchObject({ layer: "editor", place: "berth.agent" });
});

test("nothing of a workspace counts that the user does not trust", async () => {
  await writeFile(join(editor.folder, ".env"), "FROM_PROJECT=1\n");
  editor.written["docker.defaultImage"] = { workspaceValue: "node:22" };
  expect(await lineOf("env FROM_PROJECT")).toMatchObject({ layer: "workspace" });
  editor.trusted = false;
  expect(await lineOf("env FROM_PROJECT")).toBeUndefined();
  expect((await lineOf("image"))?.value).not.toBe("node:22");
});

test("a misspelled setting is not passed over in silence", async () => {
  editor.merged = { docker: { defaultImgae: "x" } };
  editor.written["docker.defaultImgae"] = { globalValue: "x" };
  const planned = editor.run("agent.plan", { workspaceFolder: editor.folder });
  await expect(planned.catch((error: unknown) => readFailure(error).message)).resolves.toContain("defaultImage");
});

test("a session says that the settings are no longer its own, until they are again", async () => {
  const { id } = await start("say hello");
  await editor.when(id, (info) => info.turn?.state === "complete");
  editor.written["docker.resources"] = { globalValue: { memory: "1g" } };
  await editor.settingsChanged();
  await editor.when(id, (info) => info.outdated);
  delete editor.written["docker.resources"];
  await editor.settingsChanged();
  await editor.when(id, (info) => !info.outdated);
});

test("a wrong start names what is wrong", async () => {
  const failed = editor.run("agent.start", { workspaceFolder: join(editor.folder, "absent") });
  await expect(failed.catch((error: unknown) => readFailure(error).kind)).resolves.toBe("workspace-missing");
});

test("what could run on this machine comes as an event that the view lists, and the server warns nobody a second time", async () => {
  const { id } = await start("say hello");
  await editor.when(id, (info) => info.turn?.state === "complete");
  const path = join(editor.folder, ".envrc");
  await writeFile(path, "echo hello\n");
  await editor.run("agent.prompt", { session: id, text: "say hello again" });
  const activity = new Activity();
  await editor.until(() => {
    editor.events.flatMap(({ events }) => events).forEach((event) => void activity.take(event));
    return activity.findings.all.length > 0;
  });
  expect(activity.findings.all).toMatchObject([{ path, severity: "warning" }]);
  expect(editor.shown).toEqual([]);
});
