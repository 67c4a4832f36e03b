import type { ClientCapabilities, StaticFeature } from "vscode-languageclient/node";

/** What this client does by itself: it takes the notifications and asks the questions. Failures the server tells. */
export const OWN_PART = { notifications: true, questions: false };

/**
 * What this client's own code does: it tells who wrote which setting, and warns of what could run on this machine. Said
 * where no file of a workspace reaches.
 */
export const EXPERIMENTAL = { berth: { scopes: true, findings: true } };

/** Says so. */
export const withScopes: StaticFeature = {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.experimental = { ...capabilities.experimental, ...EXPERIMENTAL };
  },
  initialize: () => undefined,
  getState: () => ({ kind: "static" }),
  clear: () => undefined,
};

/**
 * Takes back that the server may make progress of its own: in VS Code that is a text without a cancel button, and this
 * client shows a better one.
 */
export const withoutServerProgress: StaticFeature = {
  fillClientCapabilities(capabilities: ClientCapabilities): void {
    capabilities.window = { ...capabilities.window, workDoneProgress: false };
  },
  initialize: () => undefined,
  getState: () => ({ kind: "static" }),
  clear: () => undefined,
};
