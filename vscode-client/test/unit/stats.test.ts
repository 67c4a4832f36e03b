import { expect, test } from "vitest";
import { Activity } from "../../src/activity/activity";
import type { ServerState } from "../../src/server/state";
import type { Change } from "../../src/sessions/sessions";
import { readStats, type SessionStats, statsText } from "../../src/stats/read";
import { Stats } from "../../src/stats/stats";
import { roots } from "../../src/view/nodes";
import { session } from "./examples";
import { EventEmitter } from "./vscode";

test("what a session uses is a short line of what the engine tells", () => {
  const all = readStats({ session: "s1", at: 1, cpu: 12.4, memory: 340_000_000, memoryLimit: 4_000_000_000, pids: 23 });
  expect(all && statsText(all)).toBe("12 % CPU · 340.0 MB of 4.0 GB · 23 processes");
  const some = readStats({ session: "s1", memory: 1000, cpu: null });
  expect(some && statsText(some)).toBe("1.0 KB");
  expect(statsText({ session: "s1" })).toBe("");
});

test.each([undefined, null, {}, { session: 3 }])("%j says nothing of any session", (told) => {
  expect(readStats(told)).toBeUndefined();
});

/** A server that measures, with what was asked of it. */
function measuring(offered = true) {
  const told = {
    stats: new EventEmitter<SessionStats>(),
    state: new EventEmitter<ServerState>(),
    change: new EventEmitter<Change>(),
  };
  const asked: string[] = [];
  const request = async <T>(_: string, params: object): Promise<T> => {
    const [args] = (params as { arguments: [{ session: string; on: boolean }] }).arguments;
    asked.push(`${args.session} ${args.on}`);
    return undefined as T;
  };
  const server = {
    state: "running" as const,
    offers: () => offered,
    request,
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
  told.stats.fire({ session: "a", cpu: 5 });
  expect(stats.of("a")).toEqual({ session: "a", cpu: 5 });
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
  expect(labels({ session: "s1", cpu: 7 })).toContain("Resources 7 % CPU");
  expect(labels()).toEqual([]);
});
