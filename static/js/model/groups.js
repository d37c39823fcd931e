/** Lists split by a key. */

/**
 * Items that share a key, in the order in which keys first appear.
 * @template K, V
 * @param {V[]} items
 * @param {(item: V) => K} key
 * @returns {[K, V[]][]}
 */
export function grouped(items, key) {
  /** @type {Map<K, V[]>} */
  const found = new Map();
  for (const item of items) {
    const group = found.get(key(item)) ?? [];
    group.push(item);
    found.set(key(item), group);
  }
  return [...found];
}
