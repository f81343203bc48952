import { chineseStopWords, englishStopWords } from "./stop-words.js";

const segmenter = new Intl.Segmenter("zh", { granularity: "word" });

/** Words that carry meaning, in order of appearance, each once (compared without case); at most `limit`. */
export function salientWords(text: string, limit = 24): string[] {
  const found = new Map<string, string>();
  for (const { segment, isWordLike } of segmenter.segment(text)) {
    if (!isWordLike || found.size >= limit) continue;
    const key = segment.toLowerCase();
    if (isSalient(segment, key) && !found.has(key)) found.set(key, segment);
  }
  return [...found.values()];
}

function isSalient(word: string, key: string): boolean {
  if (/^\p{N}/u.test(word)) return false;
  if (/\p{Script=Han}/u.test(word))
    return (
      word.length > 1 && !chineseStopWords.has(word) && !/^[一二三四五六七八九十几两]+[句页条个段篇张点项步]/.test(word)
    );
  if (/^\p{Script=Latin}/u.test(word)) {
    const acronym = /^[A-Z]{2,5}$/.test(word);
    return !englishStopWords.has(key) && (acronym || word.length > 2) && word.length <= 24;
  }
  return word.length > 1 && word.length <= 24;
}
