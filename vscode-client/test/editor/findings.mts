// What an agent writes that runs on this machine by itself, and the person who looks at it.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { check, say } from "./told.mts";
import { BUILD, type Window } from "./window.mts";

/** After the turn it is warned of and listed, opened with a click, and gone from the list when it was looked at. */
export async function findings(window: Window, folder: string): Promise<void> {
  await window.palette("Agent: Prompt…");
  await window.type("What should the agent do?", "Write a short greeting into .envrc and tell me when it is done.");
  const question = await window.notification("asks:", BUILD);
  await question.getByRole("button", { name: "Allow Once" }).click();
  const warning = await window.notification("can run on this machine by itself: .envrc", BUILD);
  check(existsSync(join(folder, ".envrc")), "the agent wrote what a shell runs by itself");
  await window.row("Can Run on This Machine");
  await window.picture("findings");
  await warning.getByRole("button", { name: "Show List" }).click();
  await (await window.row(/^\.envrc/)).click();
  await window.tab(".envrc");
  await window.picture("finding");
  say("what could run on this machine is warned of and listed, and opens with a click");

  await window.dismiss("Can Run on This Machine", "I Have Looked at These");
  rmSync(join(folder, ".envrc"));
  say("what was looked at leaves the list");
}
