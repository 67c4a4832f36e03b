// Prints how many milliseconds of work VS Code waits for: this extension's code, from the first byte to the end of
// `activate`. Of the processor, not of the clock, which says how busy a machine is.
// usage: node activate.cjs EXTENSION
const began = process.cpuUsage();
const { activate } = require(process.argv[2]);
const memento = { get: (_, other) => other, update: async () => undefined };
activate({
  subscriptions: [],
  workspaceState: memento,
  globalStorageUri: { fsPath: "/absent" },
  extensionPath: "/absent",
  extension: { packageJSON: { version: "0.1.0" } },
});
const { user, system } = process.cpuUsage(began);
process.stdout.write(`${(user + system) / 1000}\n`);
process.exit(0);
