// An agent that prints more than it may: it is paused, and a person decides.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, say } from "./told.mts";
import { BUILD, type Window } from "./window.mts";

/** Some 460 bytes each as they are counted, so that this is far more than a few seconds' worth. */
const EVENTS = 30_000;
const TITLE = "The agent printed more than 1 MiB a second";

/** Paused, told of once, with the safe answer first in each place; let go on, it goes on where it was. */
export async function ceiling(window: Window, folder: string): Promise<void> {
  mkdirSync(join(folder, ".vscode"), { recursive: true });
  const settings = { "berth.docker.resources": { output: "1m" } };
  writeFileSync(join(folder, ".vscode", "settings.json"), `${JSON.stringify(settings, undefined, 2)}\n`);
  await (await window.row("The settings have changed")).click();
  await window.gone("settings changed", BUILD);
  await window.status("Agent: Running");

  await window.palette("Agent: Prompt…");
  await window.type("What should the agent do?", `flood ${EVENTS}`);
  const question = await window.notification(TITLE, BUILD);
  await window.status("Waiting for you");
  await window.row(TITLE);
  await window.picture("ceiling");
  const brief = await question.locator(".monaco-button:visible").allTextContents();
  check(brief.join() === "Stop,Go On,Details…", `an agent that prints too much is paused: ${brief.join(", ")}`);

  await question.getByRole("button", { name: "Details…" }).click();
  const dialog = await window.dialog("ceiling-details");
  await dialog.getByRole("button", { name: "Go On" }).click();
  await window.gone(TITLE, BUILD);
  await window.row(/^flood.*done/, BUILD);
  await window.picture("ceiling-over");
  say("after a yes it goes on, and comes to its end");
}
