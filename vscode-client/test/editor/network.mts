// A program in the container that wants to reach what is not listed, and the person who is asked.
import { check, say } from "./told.mts";
import { BUILD, type Window } from "./window.mts";

const HOST = "not-listed.example";
/** The session's only way out. A shell that a person opens does not use it by itself. */
const DOOR = "https_proxy=http://127.0.0.1:19128";
const TITLE = `Let the session reach ${HOST}:443?`;

/** What is not listed is asked about in a notification, in the view and in a dialog, which has all five answers. */
export async function network(window: Window): Promise<void> {
  await window.palette("Agent: Open Shell in Container");
  await window.page.locator(".terminal.xterm").first().click();
  await window.page.keyboard.type(`${DOOR} curl -sS https://${HOST}\n`);
  const question = await window.notification(TITLE, BUILD);
  await window.expand(TITLE);
  await window.row("Never Allow");
  await window.picture("network");
  const brief = await question.locator(".monaco-button:visible").allTextContents();
  const wanted = ["Don't Allow", "For a Minute", "For This Session", "Details…"];
  check(brief.join() === wanted.join(), `a host is asked about, the no first: ${brief.join(", ")}`);

  await question.getByRole("button", { name: "Details…" }).click();
  const dialog = await window.dialog("network-details");
  const all = await dialog.locator(".monaco-button:visible").allTextContents();
  check(
    ["Always Allow", "Never Allow"].every((label) => all.includes(label)),
    "the dialog has the answers that last, too",
  );
  await window.page.keyboard.press("Enter");
  await dialog.waitFor({ state: "hidden" });
  await window.gone(TITLE, BUILD);
  await window.status("Agent: Running");
  say("Enter says no, and the agent goes on");
}
