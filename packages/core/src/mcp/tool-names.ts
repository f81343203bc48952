const MOST_CHARACTERS = 64;

/**
 * Names that a model may call, for names that a server may choose: letters, digits, `_` and `-`, at most 64 of them,
 * each once. Equal names in an equal order always give the same.
 */
export function toolNames(names: readonly string[], prefix: string): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const clean = `${prefix}${name}`.replace(/[^\w-]/g, "_") || "_";
    let free = fit(clean, "");
    for (let number = 2; taken.has(free); number++) free = fit(clean, `_${number}`);
    taken.add(free);
    return free;
  });
}

/** Keeps the beginning and the end: long names of one server tend to begin alike. */
function fit(name: string, suffix: string): string {
  const room = MOST_CHARACTERS - suffix.length;
  if (name.length <= room) return name + suffix;
  const tail = Math.floor(room / 2);
  return `${name.slice(0, room - tail - 1)}_${name.slice(-tail)}${suffix}`;
}
