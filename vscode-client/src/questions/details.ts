import { l10n } from "vscode";
import type { DiffContent, InputRequest, TerminalContent, TextContent, ToolEnded } from "../generated/protocol";
import { withinFolder } from "./places";

/** A tool call as far as it is known. */
export type Tool = Omit<ToolEnded, "kind">;

type Content = TextContent | DiffContent | TerminalContent;

const LINES = 24;
const WIDTH = 160;

/** What a person must know to decide: what Berth says about the question, else what the tool call would do. */
export function details(request: InputRequest, tool: Tool | undefined, folder: string): string {
  const told = plain(request, withinFolder(request.detail, folder)) || (tool ? ofTool(tool, folder) : "");
  return [told, request.url].filter(Boolean).join("\n\n");
}

/** Berth's own Markdown as a dialog shows it, which knows plain text only. */
function plain({ purpose }: InputRequest, markdown: string): string {
  const marked = purpose === "network" ? markdown.replace(/[`*]/g, "") : markdown; // no host's name has these in it
  return marked.replace(/^- `(.*)`$/gm, "• $1");
}

function ofTool(tool: Tool, folder: string): string {
  const pieces = tool.content.map((content) => ofContent(content, folder).trimEnd()).filter((piece) => piece !== "");
  if (pieces.length > 0) {
    return cut(pieces.join("\n\n"));
  }
  return tool.rawInput == null ? "" : cut(JSON.stringify(tool.rawInput, undefined, 2));
}

function ofContent(content: Content, folder: string): string {
  switch (content.type) {
    case "diff":
      return content.old == null
        ? l10n.t("New file {0}:\n\n{1}", relative(content.path, folder), content.new)
        : l10n.t("{0} becomes:\n\n{1}", relative(content.path, folder), content.new);
    case "terminal":
      return content.output;
    case "text":
      return content.text;
  }
}

function relative(path: string, folder: string): string {
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

function cut(text: string): string {
  const lines = text.split("\n");
  const shown = lines.slice(0, LINES).map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line));
  return lines.length > LINES
    ? [...shown, l10n.t("… {0} more lines", lines.length - LINES)].join("\n")
    : shown.join("\n");
}
