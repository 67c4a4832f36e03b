// One session from its start to its stop: view → palette → permission → transcript → rebuild → logs → stop → build → cancel.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { check, say } from "./told.mts";
import { BUILD, type Window } from "./window.mts";

/** Before there is any session. */
export async function empty(window: Window): Promise<void> {
  await window.status("Agent: Off");
  say("the status item is there");
  await window.view("Agents");
  await window.sidebar("No agent runs for this folder yet");
  await window.picture("welcome");
  say("the empty view says what to do");
}

/** A start, and a permission that is asked, looked at and given. */
export async function start(window: Window, folder: string): Promise<void> {
  await window.palette("Agent: Start in Container");
  await window.type("What should the agent do?", "Write a short greeting into hello.md and tell me when it is done.");
  await window.notification(/Building image|Starting|Getting ready/);
  await window.picture("starting");
  say("starting is shown as a notification");

  const question = await window.notification("asks:", BUILD);
  await window.status("Waiting for you");
  await window.row("Waiting for You");
  await window.picture("permission");
  await window.badge("Agents", 1);
  say("the view counts what waits");
  check(!existsSync(join(folder, "hello.md")), "nothing is written before it is allowed");
  const buttons = await question.locator(".monaco-button:visible").allTextContents();
  check(buttons[0] === "Reject", `the first button is the safe one: ${buttons.join(", ")}`);

  await question.getByRole("button", { name: "Show Diff" }).click();
  await window.tab("hello.md (asked for by Claude Code");
  const again = await window.notification("asks:");
  await window.picture("diff");
  check(!existsSync(join(folder, "hello.md")), "a look at the diff is no yes");

  await again.getByRole("button", { name: "Details…" }).click();
  const dialog = await window.dialog("details");
  await dialog.getByRole("button", { name: "Allow Once" }).click();
  await window.palette("Agent: Show Transcript");
  await window.transcript("Done: **hello.md** now says hello.");
  await window.status("Agent: Running");
  check(readFileSync(join(folder, "hello.md"), "utf-8").includes("Hello"), "the agent wrote the file");
}

/** What the view says of a session, and what the status item offers. */
export async function look(window: Window): Promise<void> {
  const file = await window.row(/^hello\.md/);
  await window.picture("transcript");
  say("the file that changed is in the view");
  await file.click();
  await window.tab("hello.md");
  await window.picture("changed");

  await (await window.status("Agent: Running")).click();
  await window.page.locator(".quick-input-list .monaco-list-row", { hasText: "Show Transcript" }).waitFor();
  await window.picture("actions");
  await window.page.keyboard.press("Escape");
}

/** A rebuild, the log, a stop, and a build that is cancelled. */
export async function end(window: Window): Promise<void> {
  await window.palette("Agent: Show Transcript");
  await window.palette("Agent: Rebuild");
  await window.transcript("Stopped");
  await window.status("Agent: Running", BUILD);
  say("the container was replaced");

  await window.palette("Agent: Open Shell in Container");
  await window.page.locator(".terminal.xterm").first().waitFor();
  await window.picture("shell");
  say("a shell opens in a terminal");

  await window.palette("Agent: Show Logs");
  await window.log("starting → idle");
  await window.picture("logs");

  await window.palette("Agent: Stop");
  await window.status("Agent: Off");
  await window.picture("stopped");
  say("the session was stopped");

  await window.palette("Agent: Rebuild without Cache");
  await window.status(/Building image \d+\/\d+/, BUILD);
  const building = await window.notification(/Building image \d+\/\d+/);
  await window.picture("building");
  await building.getByRole("button", { name: "Cancel" }).click();
  await window.status("Agent: Off");
  await window.picture("cancelled");
  say("a build shows its steps and can be cancelled");
}
