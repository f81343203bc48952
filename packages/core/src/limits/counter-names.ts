/** What the counters of a subject are called. */
export interface CounterNames {
  readonly subject: string;
  readonly requests: string;
  readonly places: string;
}

export const counterNames = (subject: string): CounterNames => ({
  subject,
  requests: `requests:${subject}`,
  places: `places:${subject}`,
});
