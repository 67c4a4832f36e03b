import { expect, test } from "vitest";
import { readPruned } from "../../src/prune/rows";
import { ask } from "../../src/server/ask";
import { attachedUri } from "../../src/sessions/attached";
import { sizeText } from "../../src/size";

test("what would go and what stays are listed with what they are, their size and why", () => {
  const answer = {
    dryRun: true,
    size: 3_000_000,
    removed: [
      { what: "container", name: "berth-demo-1", size: 1_234_567, why: "Its session ended 9 days ago." },
      { what: "volume", name: "v1", why: "" },
    ],
    kept: [{ what: "volume", name: "home", why: "A login is in it." }],
  };
  expect(readPruned(answer)).toEqual({
    size: 3_000_000,
    removed: [
      { label: "berth-demo-1", description: "container · 1.2 MB", detail: "Its session ended 9 days ago." },
      { label: "v1", description: "volume", detail: "" },
    ],
    kept: [{ label: "home", description: "volume", detail: "A login is in it." }],
  });
});

test.each([undefined, null, [], {}, { removed: "none" }])("%j has nothing to remove", (answer) => {
  expect(readPruned(answer)).toEqual({ removed: [], kept: [], size: 0 });
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 KB"],
  [2_500_000_000, "2.5 GB"],
  [9e15, "9000.0 TB"],
])("%d bytes are %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

test("a window in a container is addressed by the container and the folder in it", () => {
  const uri = attachedUri("0a1b", "/demo/my app");
  const [, named = "", folder] = /^vscode-remote:\/\/attached-container\+([0-9a-f]+)(\/.*)$/.exec(uri) ?? [];
  expect(JSON.parse(Buffer.from(named, "hex").toString())).toEqual({ containerName: "0a1b" });
  expect(folder).toBe("/demo/my app");
});

test("a command that the server does not have is not sent to it", async () => {
  const sent: unknown[] = [];
  const request = async <T>(_method: string, params: object): Promise<T> => {
    sent.push(params);
    return { items: [] } as T;
  };
  const old = { state: "running" as const, offers: () => false, request };
  await expect(ask(old, "agent.prune", {})).rejects.toThrow("too old");
  expect(sent).toEqual([]);
  expect(await ask({ ...old, offers: () => true }, "agent.prune", { dryRun: true })).toEqual({ items: [] });
  expect(sent).toEqual([{ command: "agent.prune", arguments: [{ dryRun: true }] }]);
});
