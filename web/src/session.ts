/** What this tab remembers: survives a reload, is gone with the tab. */

const PREFIX = "opi-advisor.";

/** The value kept under `key`, or null where there is none or storage is blocked. */
export function readItem<T>(key: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + key) ?? "null") as T | null;
  } catch {
    return null;
  }
}

/** Keep `value`; without storage (blocked, full) the page works on, only without memory. */
export function writeItem(key: string, value: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    return;
  }
}
