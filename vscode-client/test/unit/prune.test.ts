import { expect, test } from "vitest";
import { pruneRows } from "../../src/prune/rows";
import { attachedUri } from "../../src/sessions/attached";
import { sizeText } from "../../src/size";

test("what goes or stays is listed with what it is, its size and why", () => {
  const items = [
    { what: "container" as const, name: "berth-demo-1", size: 1_234_567, why: "Its session ended 9 days ago." },
    { what: "volume" as const, name: "home", why: "A login is in it." },
  ];
  expect(pruneRows(items)).toEqual([
    { label: "berth-demo-1", description: "container · 1.2 MB", detail: "Its session ended 9 days ago." },
    { label: "home", description: "volume", detail: "A login is in it." },
  ]);
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
