// What a person looks at and decides beside sessions: plan, container or not, what a workspace may have, the machine.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { check, say } from "./told.mts";
import { BUILD, type Window } from "./window.mts";

/** The plan as a page. */
export async function plan(window: Window): Promise<void> {
  await window.palette("Agent: Explain Plan");
  await window.tab("Plan for hello-berth.md");
  await window.preview("Nothing was started.");
  await window.picture("plan");
  say("the plan is a page in the Markdown preview");
}

/** The warning before an agent leaves its container: neither Escape nor Enter is a yes. */
export async function toggle(window: Window): Promise<void> {
  await window.palette("Agent: Show Transcript"); // a page in a preview takes the keys from a dialog
  for (const key of ["Escape", "Enter"] as const) {
    await window.palette("Agent: Toggle Container/Host");
    const dialog = await window.dialog("toggle");
    const buttons = await dialog.locator(".monaco-button:visible").allTextContents();
    check(buttons.includes("Run on This Machine"), `leaving the container takes a yes: ${buttons.join(", ")}`);
    await window.page.keyboard.press(key);
    await dialog.waitFor({ state: "hidden" });
  }
  say("who cancels stays in the container: the same warning comes again");
}

/** What a workspace asks for is asked about, shown whole and allowed. */
export async function trust(window: Window, folder: string, image: string): Promise<void> {
  mkdirSync(join(folder, ".vscode"), { recursive: true });
  const settings = { "berth.docker.defaultImage": image };
  writeFileSync(join(folder, ".vscode", "settings.json"), `${JSON.stringify(settings, undefined, 2)}\n`);
  await window.row("settings changed");
  say("the session is marked: its settings have changed");

  await window.palette("Agent: Start in Container");
  await window.type("What should the agent do?", "");
  const question = await window.notification("Allow what the settings of hello-berth ask for?");
  const buttons = await question.locator(".monaco-button:visible").allTextContents();
  check(!buttons.some((label) => /^Allow/.test(label)), `nothing is allowed unseen: ${buttons.join(", ")}`);
  await window.picture("trust");
  await question.getByRole("button", { name: "Details…" }).click();
  const dialog = await window.dialog("trust-details");
  check((await dialog.textContent())?.includes(image) === true, "the dialog shows what is asked for");
  await dialog.getByRole("button", { name: "Allow for This Workspace" }).click();
  await window.status("Agent: Running", BUILD);
  await window.picture("allowed");

  await window.palette("Agent: Manage Trust");
  await window.page.locator(".quick-input-list .monaco-list-row", { hasText: "hello-berth" }).waitFor();
  await window.picture("manage-trust");
  await window.page.keyboard.press("Escape");
  say("what was allowed is listed");
}

/** Checks, first steps, and a session that is removed. */
export async function machine(window: Window): Promise<void> {
  await window.palette("Agent: Doctor");
  await window.page.locator(".quick-input-list .monaco-list-row", { hasText: "engine" }).waitFor();
  await window.picture("doctor");
  await window.page.keyboard.press("Escape");

  await window.palette("Agent: Remove");
  await window.pick("hello-berth");
  const dialog = await window.dialog("remove");
  await dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await window.sessions(1);
  say("a session is removed after a yes");

  await firstSteps(window);
}

/** What was done before is done in the first steps, too. */
async function firstSteps(window: Window): Promise<void> {
  await window.palette("View: Close All Editors");
  await window.palette("View: Hide Panel");
  await window.palette("Welcome: Open Walkthrough");
  await window.pick("First Steps with Agents");
  for (const step of ["Set up the server", "Check the engine", "Start your first session"]) {
    const row = window.page.locator(".gettingStartedContainer .getting-started-step", { hasText: step });
    await row.locator(".codicon.complete").first().waitFor();
  }
  await window.picture("walkthrough");
  say("first steps that were done are ticked");
}

/** The image that the session of a folder runs in. */
export function imageOf(folder: string): string {
  const script = fileURLToPath(new URL("image.py", import.meta.url));
  return execFileSync(process.env["BERTH_PYTHON"] ?? "python3", [script, folder], { encoding: "utf-8" }).trim();
}
