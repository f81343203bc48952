export function usd(amount: number): string {
  return `$${amount.toFixed(amount < 0.1 ? 5 : 3)}`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
