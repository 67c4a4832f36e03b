import { Looked } from "../../src/activity/looked";

/** What is kept beside a workspace, as long as a test. */
export class Memory {
  private readonly values = new Map<string, unknown>();

  get<T>(key: string, otherwise?: T): T {
    return (this.values.get(key) ?? otherwise) as T;
  }

  async update(key: string, value: unknown): Promise<void> {
    this.values.set(key, value);
  }
}

/** Nobody has looked at anything. */
export function nothingLooked(): Looked {
  return new Looked(new Memory());
}
