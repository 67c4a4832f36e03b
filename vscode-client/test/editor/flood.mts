// An agent that talks faster than anybody can read, and a workbench that has to stay usable meanwhile.
import { check, say } from "./told.mts";
import { BUILD, type Window } from "./window.mts";

/** Chunks of text that the agent sends; each becomes an event. */
const EVENTS = 200_000;

/** Milliseconds that the workbench may stand still: less than a person takes for a freeze. */
const STILL = 1000;

/** How many times as long as without any agent, where the machine is too busy to draw anything in time. */
const TIMES = 4;

/** While an agent sends more than 10,000 events a second, the workbench draws on, and the palette opens. */
export async function flood(window: Window): Promise<void> {
  await window.view("Agents");
  await window.palette("Agent: Start in Container");
  await window.type("What should the agent do?", "say hello");
  await window.status("Agent: Running");
  await window.row("done");
  await window.watchFrames();
  await window.offered("View: ");
  const quiet = await window.longestFrame();
  await window.watchFrames();

  await window.watchRow("flood", ["in progress", "done"]);
  await window.palette("Agent: Prompt…");
  await window.type("What should the agent do?", `flood ${EVENTS}`);
  await window.row("in progress");
  await window.offered("Agent: ");
  say("the palette opens while the agent talks");
  await window.row(/^flood.*done/, BUILD);
  const seconds = (await window.between("in progress", "done")) / 1000;
  const longest = await window.longestFrame();
  await window.picture("flood");
  const frames = `the longest frame took ${Math.round(longest)} ms, without an agent ${Math.round(quiet)} ms`;
  say(`${Math.round(EVENTS / seconds)} events a second, ${frames}`);
  check(longest < Math.max(STILL, TIMES * quiet), "the workbench never stood still");
}
