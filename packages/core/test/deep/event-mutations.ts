import { seededPlaces, seededRandom } from "../seeded-random.js";

/** A stream that lost its way, and the places of the original's blocks that may read otherwise for it. */
export interface Mutation {
  what: string;
  body: Buffer;
  touched: readonly number[];
}

/** The blocks of an event stream: events and comments, each with the blank line behind it. */
export function blocksOf(body: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  let start = 0;
  for (let end = body.indexOf("\n\n"); end !== -1; end = body.indexOf("\n\n", start)) {
    blocks.push(body.subarray(start, end + 2));
    start = end + 2;
  }
  if (start < body.length) blocks.push(body.subarray(start));
  return blocks;
}

/** One block dropped, doubled, or swapped with its neighbour; at most `count` of each kind. */
export function* moved(seed: string, blocks: readonly Buffer[], count: number): Generator<Mutation> {
  const { length } = blocks;
  const at = (place: number) => blocks[place] as Buffer;
  for (const place of seededPlaces(`${seed} dropped`, count, 0, length)) {
    const body = Buffer.concat(blocks.toSpliced(place, 1));
    yield { what: `block ${place} dropped`, body, touched: [place] };
  }
  for (const place of seededPlaces(`${seed} doubled`, count, 0, length)) {
    const body = Buffer.concat(blocks.toSpliced(place, 0, at(place)));
    yield { what: `block ${place} doubled`, body, touched: [place] };
  }
  for (const place of seededPlaces(`${seed} swapped`, count, 0, length - 1)) {
    const body = Buffer.concat(blocks.toSpliced(place, 2, at(place + 1), at(place)));
    yield { what: `blocks ${place} and ${place + 1} swapped`, body, touched: [place, place + 1] };
  }
}

/** One bit of one byte turned over, at `count` places. */
export function* flipped(seed: string, blocks: readonly Buffer[], count: number): Generator<Mutation> {
  const original = Buffer.concat(blocks);
  const random = seededRandom(`${seed} bits`);
  const starts = blocks.map((_, place) => blocks.slice(0, place).reduce((sum, { length }) => sum + length, 0));
  for (const place of seededPlaces(`${seed} flipped`, count, 0, original.length)) {
    const bit = Math.floor(random() * 8);
    const body = Buffer.from(original);
    body[place] = (body[place] as number) ^ (1 << bit);
    const block = starts.findLastIndex((start) => start <= place);
    // A lost blank line joins two blocks.
    const joins = place >= (starts[block + 1] ?? original.length) - 2;
    yield { what: `bit ${bit} of byte ${place} flipped`, body, touched: joins ? [block, block + 1] : [block] };
  }
}
