/** One of the platform's own objects with some methods replaced. Such objects work only as themselves: `this` stays the real one. */
export function standIn<T extends object>(real: T, replaced: Partial<T>): T {
  return new Proxy(real, {
    get(target, name) {
      const own: unknown = Reflect.get(replaced, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
