/** Counts by key, of which none is 0: what was added and taken away leaves no trace. Pure. */

export type Counter<Key = string> = Map<Key, number>;

export function addTo<Key>(counter: Counter<Key>, key: Key, count: number): void {
  const sum = (counter.get(key) ?? 0) + count;
  if (sum === 0) counter.delete(key);
  else counter.set(key, sum);
}
