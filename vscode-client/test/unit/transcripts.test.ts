import { expect, test } from "vitest";
import { foldThoughts } from "../../src/transcript/thoughts";
import { pagePath, sessionAt, sessionOfPath, transcriptUri } from "../../src/transcript/uri";

const said = "# Claude\n\nI look.\n\n> *Thinking*\n>\n> First this.\n> Then that.\n\nDone.\n";

test("a thought is one line that says how long it is, and what is said stays", () => {
  expect(foldThoughts(said)).toBe("# Claude\n\nI look.\n\n> *Thought, 2 lines*\n\nDone.\n");
});

test("a thought that is still being thought is folded, too, and so is one right behind another", () => {
  expect(foldThoughts("> *Thinking*\n>\n> One.\n> *Thinking*\n> Two.\n> Three.")).toBe(
    "> *Thought, 1 line*\n> *Thought, 2 lines*",
  );
});

test("a quotation is no thought", () => {
  const quoted = "> As they say.\n> Yes.\n";
  expect(foldThoughts(quoted)).toBe(quoted);
});

test("a text without thoughts comes back as it is", () => {
  expect(foldThoughts("")).toBe("");
  expect(foldThoughts("a\n\nb\n")).toBe("a\n\nb\n");
});

test("a tab says the session's name, and its path which session it is", () => {
  const startedAt = new Date(2026, 10, 21, 9, 5).getTime();
  const path = pagePath({ id: "s 1/x", name: "Claude Code in a/b", startedAt });
  expect(path.split("/").at(-1)).toBe("Claude Code in a-b 09:05.md");
  expect(sessionOfPath(path)).toBe("s 1/x");
  expect(pagePath({ id: "s1", name: "  ", startedAt })).toBe("/s1/09:05.md");
});

test("the server's address of a transcript is read back, and no other is one", () => {
  expect(sessionAt(transcriptUri("s1"))).toBe("s1");
  expect(sessionAt("berth://session/.md")).toBeUndefined();
  expect(sessionAt("file:///session/s1.md")).toBeUndefined();
});
