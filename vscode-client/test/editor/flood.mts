// An agent that talks faster than anybody can read, and a workbench that has to stay usable meanwhile.
import { between, longestTask, watchRow, watchTasks } from "./measured.mts";
import { check, say } from "./told.mts";
import { BUILD, type Window } from "./window.mts";

/** Chunks of text that the agent sends; each becomes an event. */
const EVENTS = 200_000;

/** Milliseconds that the workbench may work without drawing: a person takes that for a jerk, and not for a freeze. */
const STILL = 500;

/** While an agent sends more than 10,000 events a second, the workbench draws on, and the palette opens. */
export async function flood(window: Window): Promise<void> {
  const { page } = window;
  await window.view("Agents");
  await window.palette("Agent: Start in Container");
  await window.type("What should the agent do?", "say hello");
  await window.status("Agent: Running");
  await window.row("done");

  await watchTasks(page);
  await watchRow(page, "flood", ["in progress", "done"]);
  await window.palette("Agent: Prompt…");
  await window.type("What should the agent do?", `flood ${EVENTS}`);
  await window.row("in progress");
  await window.offered("Agent: ");
  say("the palette opens while the agent talks");
  await window.row(/^flood.*done/, BUILD);
  const seconds = (await between(page, "in progress", "done")) / 1000;
  await window.transcript(String(EVENTS - 1));
  await window.picture("flood");
  say("the transcript shows the end of what was said");

  const longest = await longestTask(page);
  say(`${Math.round(EVENTS / seconds)} events a second reached the view`);
  const worked = `the workbench worked ${Math.round(longest)} ms at one go at most`;
  check(longest > 0 && longest < STILL, `${worked}, by processor time`);
}
