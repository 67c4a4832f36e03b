// Prints how many milliseconds VS Code waits for this extension: its code, from the first byte to the end of `activate`.
// usage: node activate.cjs EXTENSION
const began = performance.now();
const { activate } = require(process.argv[2]);
const memento = { get: (_, other) => other, update: async () => undefined };
activate({
  subscriptions: [],
  workspaceState: memento,
  globalStorageUri: { fsPath: "/absent" },
  extensionPath: "/absent",
  extension: { packageJSON: { version: "0.1.0" } },
});
process.stdout.write(`${performance.now() - began}\n`);
process.exit(0);
