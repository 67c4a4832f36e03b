// An agent that talks faster than anybody can read, and a workbench that has to stay usable meanwhile.
import { check, say } from "./told.mts";
import { BUILD, type Window } from "./window.mts";

/** Chunks of text that the agent sends; each becomes an event. */
const EVENTS = 200_000;

/** Milliseconds that the workbench may stand still at most: less than a person takes for a freeze. */
const STILL = 1000;

/** While an agent sends more than 10,000 events a second, the workbench draws on, and the palette opens. */
export async function flood(window: Window): Promise<void> {
  await window.view("Agents");
  await window.palette("Agent: Start in Container");
  await window.type("What should the agent do?", "say hello");
  await window.status("Agent: Running");
  await window.row("done");
  await window.watchFrames();

  const began = performance.now();
  await window.palette("Agent: Prompt…");
  await window.type("What should the agent do?", `flood ${EVENTS}`);
  await window.row("in progress");
  await window.offered("Agent: ");
  say("the palette opens while the agent talks");
  await window.row(/^flood.*done/, BUILD);
  const seconds = (performance.now() - began) / 1000;
  const longest = await window.longestFrame();
  await window.picture("flood");
  say(`${Math.round(EVENTS / seconds)} events a second, the longest frame took ${Math.round(longest)} ms`);
  check(longest < STILL, "the workbench never stood still");
}
