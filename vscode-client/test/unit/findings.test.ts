import { expect, test } from "vitest";
import { Activities } from "../../src/activity/activities";
import { Activity } from "../../src/activity/activity";
import { Looked } from "../../src/activity/looked";
import { warningText } from "../../src/findings/text";
import type { EventsNotification, WritebackFinding, WritebackFound } from "../../src/generated/protocol";
import { toLookAt } from "../../src/view/findings";
import { event, session } from "./examples";
import { Memory } from "./memory";
import { EventEmitter } from "./vscode";

const grave = (path: string): WritebackFinding => ({ path, what: "git runs it", severity: "warning" });
const note = (path: string): WritebackFinding => ({ path, what: "eslint loads it", severity: "info" });

function found(...findings: WritebackFinding[]): WritebackFound {
  return { kind: "writeback.found", findings, during: "turn", truncated: false };
}

function after(...bodies: WritebackFound[]): Activity {
  const activity = new Activity();
  bodies.forEach((body, index) => {
    activity.take(event(index + 1, body));
  });
  return activity;
}

const paths = ({ findings }: Activity): string[] => findings.all.map(({ path }) => path);

test("what was found stays until somebody has looked, the gravest first and each once", () => {
  const activity = after(found(note("/demo/a"), grave("/demo/b")), found(grave("/demo/c")), found(grave("/demo/b")));
  expect(paths(activity)).toEqual(["/demo/b", "/demo/c", "/demo/a"]);
});

test("of very many findings the latest are kept, and the list says that there are more", () => {
  const activity = after(found(...Array.from({ length: 230 }, (_, index) => grave(`/demo/${index}`))));
  expect(activity.findings.all).toHaveLength(200);
  expect(paths(activity)[0]).toBe("/demo/229");
  expect(toLookAt(session(), activity.findings)?.description).toBe("200 and more");
});

test("without anything to look at there is no list", () => {
  expect(toLookAt(session(), new Activity().findings)).toBeUndefined();
});

test("each thing is one click away, and says what runs it", () => {
  const { findings } = after(found(grave("/demo/.git/hooks/pre-commit")));
  const list = toLookAt(session(), findings);
  expect(list).toMatchObject({ label: "Can Run on This Machine", description: "1", traits: "findings", open: true });
  expect(list?.children[0]).toMatchObject({
    label: ".git/hooks/pre-commit",
    description: "git runs it",
    command: "berth.openChange",
    path: "/demo/.git/hooks/pre-commit",
  });
});

test("a list of notes alone is folded, and alarms nobody", () => {
  const list = toLookAt(session(), after(found(note("/demo/build.rs"))).findings);
  expect(list).toMatchObject({ open: false, icon: { name: "info" } });
});

test("the warning names the first three, and an agent's file names stay on their line", () => {
  const text = warningText(session(), [grave("/demo/.envrc"), grave("/x\ny"), grave("/demo/a/.git"), grave("/demo/b")]);
  expect(text).toContain("by itself: .envrc, /x y, a/.git and 1 more.");
});

function telling(): { told: EventEmitter<EventsNotification>; make: (memory: Memory) => Activities } {
  const told = new EventEmitter<EventsNotification>();
  const server = { onEvents: told.event, onRemoved: new EventEmitter<string>().event };
  return { told, make: (memory) => new Activities(server as never, new Looked(memory)) };
}

test("what was looked at does not come back with the window, and what is found later does", () => {
  const { told, make } = telling();
  const memory = new Memory();
  const first = make(memory);
  const events = [event(1, found(grave("/demo/a"))), event(2, found(grave("/demo/b")))];
  told.fire({ session: "s1", first: 1, events: events.slice(0, 1) });
  first.settleFindings("s1");
  expect(paths(first.of("s1"))).toEqual([]);
  const second = make(memory);
  told.fire({ session: "s1", first: 1, events });
  expect(paths(second.of("s1"))).toEqual(["/demo/b"]);
});
