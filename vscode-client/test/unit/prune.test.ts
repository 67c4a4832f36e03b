import { expect, test } from "vitest";
import { pruneBytes, pruneRows, sizeText } from "../../src/prune/rows";
import { ask } from "../../src/server/ask";
import { attachedUri } from "../../src/sessions/attached";

test("all that a dry run found is listed with what it is, its size and why", () => {
  const found = {
    bytes: 3_000_000,
    items: [
      { kind: "container", name: "berth-demo-1", bytes: 1_234_567, why: "its session ended 9 days ago" },
      { kind: "volume", id: "v1" },
    ],
  };
  expect(pruneRows(found)).toEqual([
    { label: "berth-demo-1", description: "container · 1.2 MB", detail: "its session ended 9 days ago" },
    { label: "v1", description: "volume", detail: "" },
  ]);
  expect(pruneBytes(found)).toBe(3_000_000);
});

test.each([undefined, null, [], {}, { items: [] }, { items: "none" }])("%j has nothing to remove", (answer) => {
  expect(pruneRows(answer)).toEqual([]);
  expect(pruneBytes(answer)).toBeUndefined();
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
