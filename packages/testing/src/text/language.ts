/** Languages the simulator has sentences for; any other prompt is answered in English with its own words. */
export type Language = "en" | "zh";

const asksForEnglish =
  /\b(?:in|into|language\s*[:=]?|lang\s*[:=]?)\s*["']?(?:english|en(?:-[a-z]{2})?\b)|用英文|用英语|英文回答|语言\s*[:：]\s*(?:英文|英语|English)/i;
const asksForChinese =
  /\b(?:in|into|language\s*[:=]?|lang\s*[:=]?)\s*["']?(?:simplified\s+|traditional\s+)?(?:chinese|mandarin|zh(?:-[a-z]{2,4})?\b)|用中文|中文回答|语言\s*[:：]\s*(?:中文|汉语|简体)/i;

/** The language to answer in: what the prompt asks for, else that of its topic, else that of most of its words. */
export function detectLanguage(prompt: string, topic = ""): Language {
  const english = asksForEnglish.test(prompt);
  const chinese = asksForChinese.test(prompt);
  if (english !== chinese) return english ? "en" : "zh";
  if (/\p{Script=Han}/u.test(topic)) return "zh";
  const han = prompt.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latinWords = prompt.match(/\p{Script=Latin}+/gu)?.length ?? 0;
  return han / 2 > latinWords ? "zh" : "en";
}
