/** The part of VS Code that pure code uses: texts with numbered places, untranslated. */
export const l10n = {
  t: (text: string, ...values: (string | number)[]): string =>
    text.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place)),
};

type Listener<T> = (event: T) => void;

/** Tells listeners, at once and in their order. */
export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();

  readonly event = (listener: Listener<T>): Disposable => {
    this.listeners.add(listener);
    return new Disposable(() => this.listeners.delete(listener));
  };

  fire(event: T): void {
    for (const listener of this.listeners) {
      listener(event);
    }
  }

  dispose(): void {
    this.listeners.clear();
  }
}

/** Something to be disposed of. */
export class Disposable {
  constructor(readonly dispose: () => unknown) {}

  static from(...parts: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const part of parts) {
        part.dispose();
      }
    });
  }
}

/** A window without a folder. */
export const workspace = {};

/** Tabs that are opened. */
export const tabs = new EventEmitter<{ opened: { input: unknown }[] }>();

export const window = { tabGroups: { onDidChangeTabs: tabs.event } };

/** Context keys in the order in which they were set. */
export const contexts: [string, unknown][] = [];

export const commands = {
  executeCommand: async (_command: string, key: string, value: unknown): Promise<void> => {
    contexts.push([key, value]);
  },
};
