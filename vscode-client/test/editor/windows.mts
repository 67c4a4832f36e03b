// Sessions that outlive a window and are seen in several: a host that is shared by all windows.
import { say } from "./told.mts";
import { BUILD, Window } from "./window.mts";

/** What one window starts the other one shows, and an answer in one is heard in both. */
export async function twoWindows(window: Window, url: string, pictures: string): Promise<void> {
  const other = await Window.open(url, `${pictures}/other`);
  try {
    await other.view("Agents");
    await other.row("Claude Code");
    await window.palette("Agent: Prompt…");
    await window.type("What should the agent do?", "Write a short greeting into again.md and tell me when it is done.");
    await other.status("Waiting for you", BUILD);
    const question = await other.notification("asks:");
    await question.getByRole("button", { name: "Reject" }).click();
    await window.status("Agent: Running");
    await other.status("Agent: Running");
    await other.picture("two-windows");
    say("two windows show one session, and either can answer");
  } finally {
    await other.close();
  }
}

/** A window that is reloaded while a question is open finds it open. */
export async function reload(window: Window): Promise<void> {
  await window.palette("Agent: Prompt…");
  await window.type("What should the agent do?", "Write a short greeting into more.md and tell me when it is done.");
  await window.status("Waiting for you", BUILD);
  await window.reload();
  await window.status("Waiting for you");
  const question = await window.notification("asks:");
  await window.row("Waiting for You");
  await window.tab("Claude Code in hello-berth");
  await window.badge("Agents", 1);
  say("after a reload the question still waits, and the transcript is open");
  await window.picture("reloaded");
  await question.getByRole("button", { name: "Allow Once" }).click();
  await window.status("Agent: Running");
  say("a reload in mid turn loses nothing");
}
