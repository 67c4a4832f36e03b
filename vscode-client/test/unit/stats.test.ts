import { expect, test } from "vitest";
import { Activity } from "../../src/activity/activity";
import type { SessionStats } from "../../src/generated/protocol";
import type { ServerState } from "../../src/server/state";
import type { Change } from "../../src/sessions/sessions";
import { Stats } from "../../src/stats/stats";
import { statsText } from "../../src/stats/text";
import { roots } from "../../src/view/nodes";
import { session } from "./examples";
import { EventEmitter } from "./vscode";

const used = (stats: Partial<SessionStats>): SessionStats => ({ session: "a", at: 1, ...stats });

test("what a session uses is a short line of what the engine tells", () => {
  expect(statsText(used({ cpu: 12.4, memory: 340_000_000, memoryLimit: 4_000_000_000, pids: 23 }))).toBe(
    "12 % CPU · 340.0 MB of 4.0 GB · 23 processes",
  );
  expect(statsText(used({ memory: 1000, cpu: null }))).toBe("1.0 KB");
  expect(statsText(used({}))).toBe("");
});

/** A server that measures, with what was asked of it. */
function measuring(offered = true) {
  const told = {
    stats: new EventEmitter<SessionStats>(),
    state: new EventEmitter<ServerState>(),
    change: new EventEmitter<Change>(),
  };
  const asked: string[] = [];
  const run = async (_: string, { session, on }: { session: string; on: boolean }): Promise<void> => {
    asked.push(`${session} ${on}`);
  };
  const server = {
    offers: () => offered,
    run,
    onState: told.state.event,
    onStats: told.stats.event,
  };
  const all = [
    session({ id: "a", container: "c1" }),
    session({ id: "b" }),
    session({ id: "c", container: "c2", state: "stopped" }),
  ];
  const stats = new Stats(server as never, { all: () => all, onChange: told.change.event } as never);
  return { stats, asked, all, told };
}

test("only what runs in a container is measured, and only while somebody looks", () => {
  const { stats, asked, told } = measuring();
  expect(asked).toEqual([]);
  stats.look(true);
  expect(asked).toEqual(["a true"]);
  told.stats.fire(used({ cpu: 5 }));
  expect(stats.of("a")).toEqual(used({ cpu: 5 }));
  stats.look(false);
  expect(asked).toEqual(["a true", "a false"]);
  expect(stats.of("a")).toBeUndefined();
});

test("a session that begins while somebody looks is measured, too", () => {
  const { stats, asked, all, told } = measuring();
  stats.look(true);
  all.push(session({ id: "d", container: "c3" }));
  told.change.fire({ id: "d", before: undefined, after: all.at(-1) });
  expect(asked).toEqual(["a true", "d true"]);
});

test("a server that was started anew is asked anew", () => {
  const { stats, asked, told } = measuring();
  stats.look(true);
  told.state.fire("running");
  expect(asked).toEqual(["a true", "a true"]);
});

test("a server that does not measure is not asked", () => {
  const { stats, asked } = measuring(false);
  stats.look(true);
  expect(asked).toEqual([]);
});

test("the view has what a session uses, and nothing where that is unknown", () => {
  const labels = (stats?: SessionStats): string[] => {
    const shown = { sessions: [session()], activity: () => new Activity(), step: () => undefined, stats: () => stats };
    return roots(shown)[0]?.children.map(({ label, description }) => `${label} ${description}`) ?? [];
  };
  expect(labels(used({ cpu: 7 }))).toContain("Resources 7 % CPU");
  expect(labels()).toEqual([]);
});
