import { expect, test } from "vitest";
import { Activities } from "../../src/activity/activities";
import type { Commands, EventsNotification, ReplayResult, SessionEvent } from "../../src/generated/protocol";
import { event, toolStarted } from "./examples";
import { nothingLooked } from "./memory";
import { EventEmitter } from "./vscode";

/** A server that has told some events and repeats them when it is asked, a few at a time. */
class Repeating {
  readonly asked: number[] = [];
  readonly told = new EventEmitter<EventsNotification>();
  readonly removed = new EventEmitter<string>();
  readonly onEvents = this.told.event;
  readonly onRemoved = this.removed.event;

  constructor(private readonly events: readonly SessionEvent[]) {}

  async run<K extends keyof Commands>(_: K, args: Commands[K]["arguments"]): Promise<Commands[K]["result"]> {
    const { from } = args as { from: number };
    this.asked.push(from);
    const events = this.events.filter(({ seq }) => seq >= from).slice(0, 2);
    const next = from + events.length;
    const complete = next > this.events.length;
    const answer: ReplayResult = { session: "s1", first: from, events: events as never, next, complete };
    return answer as Commands[K]["result"];
  }

  tell(...events: SessionEvent[]): void {
    this.told.fire({ session: "s1", first: events[0]?.seq ?? 0, events });
  }
}

const events = ["a", "b", "c", "d", "e"].map((tool, index) => event(index + 1, toolStarted(tool)));

function watching(server: Repeating): Activities {
  return new Activities(server as never, nothingLooked());
}

test("events in order ask for nothing", () => {
  const server = new Repeating(events);
  const activities = watching(server);
  server.tell(...events.slice(0, 2));
  server.tell(...events.slice(2));
  expect(activities.of("s1").tools).toHaveLength(5);
  expect(server.asked).toEqual([]);
});

test("a gap is filled by asking from where it begins to the end", async () => {
  const server = new Repeating(events);
  const activities = watching(server);
  const changed = new Promise<void>((resolve) =>
    activities.onChange(() => activities.of("s1").heard === 5 && resolve()),
  );
  server.tell(...events.slice(0, 1));
  server.tell(...events.slice(3, 4));
  await changed;
  expect(server.asked).toEqual([2, 4]);
  expect(activities.of("s1").tools).toHaveLength(5);
});

test("what is told while it is repeated is neither lost nor counted twice", async () => {
  const server = new Repeating(events.slice(0, 4));
  const activities = watching(server);
  const caughtUp = activities.catchUp("s1", 4);
  server.tell(...events.slice(2));
  await caughtUp;
  expect(activities.of("s1").tools.map(({ tool }) => tool)).toEqual(["a", "b", "c", "d", "e"]);
});

test("who has heard everything asks for nothing", async () => {
  const server = new Repeating(events);
  const activities = watching(server);
  server.tell(...events);
  await activities.catchUp("s1", 5);
  expect(server.asked).toEqual([]);
});

test("a session that cannot be repeated is followed from here on", async () => {
  const server = new Repeating(events);
  server.run = () => Promise.reject(new Error("gone"));
  const activities = watching(server);
  await activities.catchUp("s1", 4);
  server.tell(...events.slice(4));
  expect(activities.of("s1").tools.map(({ tool }) => tool)).toEqual(["e"]);
});

test("a removed session is forgotten", () => {
  const server = new Repeating(events);
  const activities = watching(server);
  server.tell(...events);
  server.removed.fire("s1");
  expect(activities.of("s1").tools).toEqual([]);
});

test("who wants to know what a question is about waits for the events before it, and not for ever", async () => {
  const server = new Repeating(events);
  const activities = watching(server);
  const before = activities.upTo("s1", 2).then(() => activities.of("s1").tools.length);
  server.tell(...events.slice(0, 1));
  server.tell(...events.slice(1, 3));
  expect(await before).toBe(3);
  await activities.upTo("s1", 99);
  expect(activities.of("s1").heard).toBe(3);
});
