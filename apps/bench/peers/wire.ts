/** As much of a streamed chunk as the floors look at. */
export interface Chunk {
  choices: { delta: { content?: string | null } }[];
}

/** As much of an answer as the floors look at. */
export interface Completion {
  choices: { message: { content: string } }[];
}
