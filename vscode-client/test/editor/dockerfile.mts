// A Dockerfile of the workspace's own: its setting, its first build, an edit, and the build after it.
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { say } from "./told.mts";
import { BUILD, type Window } from "./window.mts";

/** From a changed setting and a changed Dockerfile to the container that they are about. */
export async function dockerfile(window: Window, folder: string, image: string): Promise<void> {
  mkdirSync(join(folder, ".vscode"), { recursive: true });
  mkdirSync(join(folder, ".berth"), { recursive: true });
  const file = join(folder, ".berth", "Dockerfile");
  writeFileSync(file, `FROM ${image}\nRUN echo first > /tmp/built\n`);
  const settings = { "berth.docker.dockerfile": ".berth/Dockerfile" };
  writeFileSync(join(folder, ".vscode", "settings.json"), `${JSON.stringify(settings, undefined, 2)}\n`);
  await window.row("settings changed");
  await window.picture("settings-changed");
  say("a setting that changes marks the session");

  await rebuilt(window);
  await window.picture("dockerfile");
  say("the workspace's Dockerfile is built after a yes");

  appendFileSync(file, "RUN echo second > /tmp/built\n");
  await window.row("settings changed");
  say("an edit of the Dockerfile marks the session, too");
  await rebuilt(window);
  say("a rebuild builds what was edited");
}

/** Rebuilds by the row that says what changed, and allows what is asked. */
async function rebuilt(window: Window): Promise<void> {
  await (await window.row("The settings have changed")).click();
  const question = await window.notification("Allow what the settings of hello-berth ask for?");
  await question.getByRole("button", { name: "Details…" }).click();
  const dialog = await window.dialog("dockerfile-details");
  await dialog.getByRole("button", { name: "Allow for This Workspace" }).click();
  await window.gone("settings changed", BUILD);
  await window.status("Agent: Running", BUILD);
}
