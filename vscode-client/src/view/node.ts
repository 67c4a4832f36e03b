/** One entry of the sessions view, as it is drawn and as commands get it. */
export interface Node {
  /** The same for the same thing, so that what a person opened stays open. */
  id: string;
  label: string;
  description?: string;
  tooltip?: string;
  /** An icon of VS Code's, with one of its colours. */
  icon?: { name: string; color?: string };
  /** Words that menus look for. */
  traits: string;
  /** What a click does. */
  command?: string;
  session?: string;
  request?: string;
  option?: string;
  /** A file, drawn with its own icon where no other is named. */
  path?: string;
  children: Node[];
  /** Whether the children are shown until a person decides otherwise. */
  open: boolean;
}

/** An entry with nothing below it. */
export function leaf(node: Omit<Node, "children" | "open" | "traits"> & Partial<Pick<Node, "traits">>): Node {
  return { traits: "", ...node, children: [], open: false };
}
