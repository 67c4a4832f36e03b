// What an hour of streaming costs the real client: milliseconds of work a second of 10,000 events, and memory.
import { Activities } from "../../src/activity/activities";
import type { EventBody, SessionEvent } from "../../src/generated/protocol";
import { Logs } from "../../src/logs/logs";
import { watchProgress } from "../../src/progress/watch";
import { watchQuestions } from "../../src/questions/watch";
import { Notices } from "../../src/server/notices";
import { Sessions } from "../../src/sessions/sessions";
import { Stats } from "../../src/stats/stats";
import { showStatus } from "../../src/status/item";
import { keepContextKeys } from "../../src/status/keys";
import { showSessions } from "../../src/view/show";
import { question, session, toolStarted } from "../unit/examples";
import { nothingLooked } from "../unit/memory";
import { done } from "./vscode";

/** Events a second, and how many of them the server puts into one message. */
const RATE = 10_000;
const BATCH = 300;

/** Seconds of streaming: the events of an hour at the 200 a second of a very busy agent. */
const SECONDS = (3600 * 200) / RATE;

const notices = new Notices();
const server = {
  state: "running",
  offers: () => false,
  wake: () => undefined,
  onState: () => ({ dispose: () => undefined }),
  onSession: notices.session.event,
  onRemoved: notices.removed.event,
  onEvents: notices.events.event,
  onStats: notices.stats.event,
  run: async () => ({}),
} as never;
const sessions = new Sessions(server);
const activities = new Activities(server, nothingLooked());
const logs = new Logs(server);
const berth = { server, sessions, activities, logs, stats: new Stats(server, sessions) } as never;
showStatus(server, sessions);
keepContextKeys(server, sessions);
showSessions(berth);
watchQuestions(berth);
watchProgress(berth);
await logs.show(session());

let seq = 0;
let said = 0;

/** The kinds of events in an hour, one after the other. */
function body(): EventBody {
  const tool = `t${Math.floor(seq / 50)}`;
  switch (seq % 50) {
    case 0:
      return toolStarted(tool);
    case 49:
      return { ...toolStarted(tool), kind: "tool.ended", status: "completed" };
    case 48:
      return { kind: "files.changed", paths: [`/demo/src/file-${seq}.ts`], truncated: false };
    case 47:
      return { kind: "noise", stream: "stderr", text: `line ${seq}`, why: "" };
    default:
      return { kind: "part.delta", part: "p1", text: "some words of an answer " };
  }
}

function batch(): SessionEvent[] {
  return Array.from({ length: BATCH }, () => {
    seq += 1;
    return { seq, at: 1_750_000_000_000 + seq, ...body() };
  });
}

/** Tells a second of streaming; answers the milliseconds of work, and those of the longest message. */
function second(): { all: number; longest: number } {
  let [all, longest] = [0, 0];
  for (let told = 0; told < RATE; told += BATCH) {
    const first = seq + 1;
    const events = batch();
    const began = performance.now();
    notices.events.fire({ session: "s1", first, events });
    said += 1;
    const inputNeeded = said % 500 === 0 ? [{ ...question("reject_once"), request: `r${said}` }] : [];
    notices.session.fire(session({ seq, state: "working", inputNeeded }));
    const took = performance.now() - began;
    all += took;
    longest = Math.max(longest, took);
  }
  return { all, longest };
}

const heap = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed;
};

const work: { all: number; longest: number }[] = [];
let quarter = 0;
for (let count = 0; count < SECONDS; count += 1) {
  work.push(second());
  await new Promise((resolve) => setImmediate(resolve));
  if (count === Math.floor(SECONDS / 4)) {
    quarter = heap();
  }
}
const grown = heap() - quarter;
const median = work.map(({ all }) => all).sort((a, b) => a - b)[Math.floor(work.length / 2)];
process.stdout.write(JSON.stringify({ events: seq, median, grown, quarter, done }));
process.exit(0);
