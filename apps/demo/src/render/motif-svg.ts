/**
 * The drawing on covers: lines of a track diagram that run, switch and end in signals. Its course comes from the
 * title, so that every deck has its own and the same deck always the same.
 */
export function renderMotif(title: string): string {
  const next = numbers(title);
  const lines = Array.from({ length: 7 }, (_, index) => {
    const y = 36 + index * 44;
    const turn = 330 + next(150);
    const end = 250 + next(120);
    const drop = 22 * (next(2) === 0 ? 1 : -1) * (1 + next(2));
    const slope = Math.abs(drop);
    const there = clamp(y + drop);
    const kind = ["motif__line", "motif__line motif__line--accent", "motif__line motif__line--second"][pick(next(9))];
    return [
      `<path class="${kind}" d="M640 ${y}H${turn + slope}L${turn} ${there}H${end + 40}"/>`,
      `<circle class="motif__signal${next(3) === 0 ? " motif__signal--lit" : ""}" cx="${end + 34}" cy="${there}" r="6"/>`,
    ].join("");
  });
  return `<svg class="motif" viewBox="0 0 600 338" preserveAspectRatio="xMaxYMid slice" aria-hidden="true">${lines.join("")}</svg>`;
}

function pick(nine: number): number {
  return nine < 5 ? 0 : nine < 7 ? 1 : 2;
}

function clamp(y: number): number {
  return Math.min(318, Math.max(20, y));
}

/** Whole numbers below a bound, the same for the same text (FNV-1a, then xorshift). */
function numbers(text: string): (bound: number) => number {
  let state = 2_166_136_261;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % bound;
  };
}
